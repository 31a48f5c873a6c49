import type { ClientRequest } from "node:http";
import type { Readable } from "node:stream";
import type { SurroundingsFailure } from "../failure";
import type { Payload } from "../messages/payload";
import type { Execution } from "./executor";
import { InputFlow } from "./input-flow";

const bodiless = new Set(["GET", "HEAD", "DELETE"]);

/** Whether a request by this verb has no body. */
export function isBodiless(verb: string): boolean {
  return bodiless.has(verb);
}

/** What an algo's server is sent of a message. */
export class RequestBody {
  private flow: InputFlow | undefined;

  private constructor(
    /** What is in memory; undefined: there is nothing, or it is streamed. */
    private readonly bytes: Buffer | undefined,
    /** What is streamed; undefined: nothing is. */
    private readonly streamed?: Payload,
    /** The bytes of that, open since before there was a request. */
    private opened?: Readable,
  ) {}

  /** Opens what a message points to, for as long as that takes. */
  static async of({ input, payload, signal }: Execution): Promise<RequestBody> {
    if (isBodiless(input.http?.verb ?? "")) return new RequestBody(undefined);
    if (payload.bytes !== undefined) return new RequestBody(payload.bytes);
    const opened = await payload.open(signal);
    // It may fail before anybody reads it; who does is told then.
    opened.on("error", () => undefined);
    return new RequestBody(undefined, payload, opened);
  }

  /** Begins to send it, from its beginning, each time that it is asked to. */
  async send(request: ClientRequest, signal: AbortSignal): Promise<void> {
    if (this.streamed === undefined) {
      request.end(this.bytes);
      return;
    }
    const source = this.opened ?? (await this.streamed.open(signal));
    this.opened = undefined;
    if (source.errored) throw source.errored;
    source.once("error", (error) => request.destroy(error));
    request.once("close", () => source.destroy());
    source.pipe(request);
    this.flow = new InputFlow(source, request);
  }

  /** Why the server could not answer, if it waits for more of the body. */
  failure(): SurroundingsFailure | undefined {
    return this.flow?.failure();
  }

  /** Lets go of what was never sent. */
  close(): void {
    this.opened?.destroy();
  }
}
