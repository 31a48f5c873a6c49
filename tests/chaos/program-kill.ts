import { identify, sendSignal } from "../../local/process/process-identity";
import { processTable, type ProcessEntry } from "../../local/process/process-table";
import type { TypedCommand } from "./typed-command";

/** Which process of an update is killed: the program's, or that of the language host, which started it. */
export type Victim = "program" | "language host";

/**
 * Kills a process of an update with SIGKILL.
 *
 * @returns whether there was one
 */
export function killProgram({ pid }: TypedCommand, victim: Victim): boolean {
  const processes = processTable();
  const childOf = (parent: number, part: string): ProcessEntry | undefined =>
    processes.find((each) => each.parent === parent && each.command.includes(part));
  const host = childOf(pid, "pulumi-language-nodejs");
  const program = host && childOf(host.pid, "@pulumi/pulumi/cmd/run");
  const found = victim === "program" ? program : host;
  const identity = found && identify(found.pid);
  if (identity === undefined) return false;
  sendSignal(identity, "SIGKILL");
  return true;
}
