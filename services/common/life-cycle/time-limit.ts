import { setMaxListeners } from "node:events";

/** Ends something when its time is up, or when its outcome counts no more. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Whether it ended for lack of time. */
  readonly isOver: boolean;
  /** It has ended by itself. */
  release(): void;
}

/**
 * A signal that is aborted with another one, or when the time is up. What `AbortSignal.timeout` and `AbortSignal.any` make
 * would be held until the time is up, or for as long as the other signal is there.
 *
 * @param reason - what it is aborted with when the time is up
 */
export function timeLimit(ms: number, outer: AbortSignal, reason: string): TimeLimit {
  const controller = new AbortController();
  const state = { isOver: false };
  const forward = (): void => {
    controller.abort(outer.reason);
  };
  const timer = setTimeout(() => {
    state.isOver = !controller.signal.aborted;
    controller.abort(new DOMException(reason, "TimeoutError"));
  }, ms);
  // As many as run side by side wait for one signal; more than ten are no leak.
  setMaxListeners(0, outer);
  if (outer.aborted) forward();
  else outer.addEventListener("abort", forward, { once: true });
  return {
    signal: controller.signal,
    get isOver() {
      return state.isOver;
    },
    release: () => {
      clearTimeout(timer);
      outer.removeEventListener("abort", forward);
    },
  };
}
