import { runService } from "@algorun/common";
import { startGateway } from "./gateway";

runService(() => startGateway(process.argv.slice(2)));
