import { runService } from "@algorun/common";
import { startHook } from "./start-hook";

runService(() => startHook(process.argv.slice(2), process.env));
