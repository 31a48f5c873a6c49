import type { Readable, Writable } from "node:stream";
import { SurroundingsFailure } from "../failure";

/** Storage that has said nothing for so long hangs; a server that is alive sends the next bytes much earlier. */
const silenceMs = 1_000;

/** Tells an algo that is slow from an input that does not come. */
export class InputFlow {
  private latest = performance.now();

  /** @param target - what the input is already piped to */
  constructor(
    private readonly source: Readable,
    private readonly target: Writable,
  ) {
    source.on("data", () => {
      this.latest = performance.now();
    });
  }

  /** Why an algo could not get done, if it has read all that came of its input, and waits for more. */
  failure(): SurroundingsFailure | undefined {
    if (this.source.readableEnded || this.target.destroyed || this.target.writableNeedDrain) return undefined;
    const silent = performance.now() - this.latest;
    return silent < silenceMs
      ? undefined
      : new SurroundingsFailure(`object storage: nothing came for ${(silent / 1000).toFixed(0)} s`);
  }
}
