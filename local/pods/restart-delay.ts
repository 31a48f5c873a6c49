/** Kubernetes' first pause before a container that ended is started again, in milliseconds; each further one is twice as long. */
const firstDelay = 10_000;
/** Kubernetes' longest pause, in milliseconds. */
const longestDelay = 300_000;
/** A container that ran for so long begins anew with the first pause, in milliseconds. */
const goodRun = 600_000;

/** How often a container was started again since it last ran well. */
export interface RestartHistory {
  readonly restarts: number;
}

/**
 * When a container that has ended is started again.
 *
 * @param ranFor - how long it ran, in milliseconds
 * @returns the pause in milliseconds, and the history with this restart in it
 */
export function nextRestart(
  { restarts }: RestartHistory,
  ranFor: number,
): { readonly delay: number; readonly history: RestartHistory } {
  const before = ranFor >= goodRun ? 0 : restarts;
  const delay = Math.min(firstDelay * 2 ** Math.min(before, 30), longestDelay);
  return { delay, history: { restarts: before + 1 } };
}
