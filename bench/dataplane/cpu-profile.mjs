// Loaded before a service (NODE_OPTIONS=--import): writes a CPU profile when the service ends. Node 20 does not take
// --cpu-prof in NODE_OPTIONS, and services are started by what starts them everywhere.
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { basename, join } from "node:path";
import process from "node:process";

const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.start");

process.once("exit", () => {
  session.post("Profiler.stop", (error, result) => {
    if (error) return;
    const name = basename(process.argv[1] ?? "node", ".cjs");
    writeFileSync(
      join(process.env.CPU_PROFILE_FOLDER ?? ".", `${name}.cpuprofile`),
      JSON.stringify(result.profile),
    );
  });
});
