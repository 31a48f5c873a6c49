import { join, sep } from "node:path";
import type { Layout } from "../layout";
import { identify, isAlive, sendSignal } from "../process/process-identity";
import { processTable, type ProcessEntry } from "../process/process-table";
import { until } from "../process/until";

/** Time that a provider gets to end by itself, in milliseconds. */
const grace = 5_000;

/**
 * Ends the providers that a killed Pulumi left running: they do not notice that it is gone.
 * Those of a Pulumi that is at work are left alone.
 */
export async function endAbandonedProviders(layout: Layout): Promise<void> {
  const abandoned = abandonedProviders(layout, processTable()).flatMap(({ pid }) => identify(pid) ?? []);
  for (const provider of abandoned) sendSignal(provider, "SIGTERM");
  if (await until(() => !abandoned.some(isAlive), grace)) return;
  for (const provider of abandoned) sendSignal(provider, "SIGKILL");
}

/** The providers of an environment's PULUMI_HOME that no Pulumi is the parent of. */
export function abandonedProviders(
  layout: Layout,
  processes: readonly ProcessEntry[],
): readonly ProcessEntry[] {
  const plugins = join(layout.pulumiHome, "plugins") + sep;
  const engines = new Set(processes.filter(isPulumi).map(({ pid }) => pid));
  return processes.filter(({ command, parent }) => command.startsWith(plugins) && !engines.has(parent));
}

/** Whether a process is a Pulumi CLI. */
export function isPulumi({ command }: ProcessEntry): boolean {
  return /(^|\/)pulumi( |$)/.test(command);
}
