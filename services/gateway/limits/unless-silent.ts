import { GatewayProblem } from "../intake/gateway-problem";

/** Longest silence of a caller from whom something is to come, in milliseconds. */
export const silenceMs = 60_000;

/**
 * What comes from a source, as long as it is never silent for too long: who says nothing must not keep memory.
 *
 * @throws GatewayProblem when it is
 */
export async function* unlessSilent<Item>(
  source: AsyncGenerator<Item>,
  limitMs: number,
): AsyncGenerator<Item> {
  try {
    for (;;) {
      const next = await heard(source.next(), limitMs);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it ends with what it waits for itself.
    source.return(undefined).catch(() => undefined);
  }
}

async function heard<Result>(next: Promise<Result>, limitMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new GatewayProblem("timeout", `nothing has come for ${limitMs / 1000} seconds`));
    }, limitMs);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
