import type { Layout } from "../layout";
import { endProcessGroup, readProcesses } from "../process/managed-process";
import { sendSignal } from "../process/process-identity";
import { containerPrefix } from "./pod-processes";

/**
 * Ends the containers whose records are there, whoever started them: those of a command that was killed go on without it.
 *
 * @returns the names of those that ran
 */
export async function endLeftPods(layout: Layout): Promise<readonly string[]> {
  const names = containersOf(layout).map(({ name }) => name);
  const ran = await Promise.all(names.map((name) => endProcessGroup(layout, name)));
  return names.filter((_, index) => ran[index]);
}

/** Kills all containers, for who does not want to wait until they end by themselves. Their records stay. */
export function killPods(layout: Layout): void {
  for (const record of containersOf(layout)) sendSignal(record, "SIGKILL");
}

function containersOf(layout: Layout): ReturnType<typeof readProcesses> {
  return readProcesses(layout).filter(({ name }) => name.startsWith(containerPrefix));
}
