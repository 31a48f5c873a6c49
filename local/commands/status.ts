import { findings, processStatuses, type ProcessStatus } from "../status";
import { table } from "../table";
import { formatDuration } from "../toolchain/progress";
import { runCommand } from "./command";
import { stackName } from "./stack-name";

/** `make status`: what runs, and whether it is well; fails unless all is. */
runCommand(async (layout) => {
  const processes = processStatuses(layout);
  const found = await findings(layout, stackName());
  print(table([["PROCESS", "PID", "UPTIME", "MEMORY", "PORTS"], ...processes.map(row)]));
  print([
    "",
    ...table(found.map(({ subject, healthy, detail }) => [subject, healthy ? "ok" : "NOT OK", detail])),
  ]);
  const well = processes.every(({ running }) => running) && found.every(({ healthy }) => healthy);
  if (!well) console.error(`\nNot all is well: \`make up\` repairs what it can; logs are in ${layout.logs}.`);
  return well ? 0 : 1;
});

function row({ name, running, ports }: ProcessStatus): readonly string[] {
  if (!running) return [name, "-", "not running", "-", "-"];
  return [name, `${running.pid}`, formatDuration(running.uptime), `${running.memory} MiB`, ports.join(", ")];
}

function print(lines: readonly string[]): void {
  console.log(lines.join("\n"));
}
