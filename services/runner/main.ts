import { runService } from "@algorun/common";
import { startRunner } from "./start-runner";

runService(() => startRunner(process.argv.slice(2), process.env));
