import { findings, processStatuses, type ProcessStatus } from "../status";
import { formatDuration } from "../toolchain/progress";
import { runCommand } from "./command";
import { stackName } from "./stack-name";

/** `make status`: what runs, and whether it is well; fails unless all is. */
runCommand(async (layout) => {
  const processes = processStatuses(layout);
  const found = await findings(layout, stackName());
  console.log(table([["PROCESS", "PID", "UPTIME", "MEMORY", "PORTS"], ...processes.map(row)]));
  console.log(
    `\n${table(found.map(({ subject, healthy, detail }) => [subject, healthy ? "ok" : "NOT OK", detail]))}`,
  );
  const well = processes.every(({ running }) => running) && found.every(({ healthy }) => healthy);
  if (!well) console.error(`\nNot all is well: \`make up\` repairs what it can; logs are in ${layout.logs}.`);
  return well ? 0 : 1;
});

function row({ name, running, ports }: ProcessStatus): readonly string[] {
  if (!running) return [name, "-", "not running", "-", "-"];
  return [name, `${running.pid}`, formatDuration(running.uptime), `${running.memory} MiB`, ports.join(", ")];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((cells) => line(cells).trimEnd()).join("\n");
}
