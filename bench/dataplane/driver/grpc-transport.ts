import { EndpointClient } from "../../../tests/services/gateway/grpc-client";
import type { Transport } from "./transport";

/** Calls that messages are spread over. */
export const grpcCalls = 8;

/** Calls that stay open, on which messages are sent ahead of their answers. */
export class GrpcTransport implements Transport {
  private readonly client: EndpointClient;
  private readonly calls: RunCall[];
  private next = 0;

  /** @param url - `grpc://host:port/path` */
  constructor({ host, pathname }: URL) {
    this.client = new EndpointClient(host);
    this.calls = Array.from({ length: grpcCalls }, () => new RunCall(this.client, pathname.slice(1)));
  }

  async send(text: string): Promise<boolean> {
    this.next = (this.next + 1) % this.calls.length;
    const call = this.calls[this.next];
    if (call === undefined) throw new Error("there are no calls");
    return await call.send(text);
  }

  close(): Promise<void> {
    for (const call of this.calls) call.end();
    this.client.close();
    return Promise.resolve();
  }
}

/** One call. Answers come in turn; one that fails is opened anew for the next message. */
class RunCall {
  private open: { readonly write: (request: object) => void; readonly end: () => void } | undefined;
  private waiting: ((isTaken: boolean) => void)[] = [];

  constructor(
    private readonly client: EndpointClient,
    private readonly endpointPath: string,
  ) {}

  async send(text: string): Promise<boolean> {
    const call = (this.open ??= this.start());
    return await new Promise((resolve) => {
      this.waiting.push(resolve);
      call.write({ endpointPath: this.endpointPath, message: Buffer.from(text) });
    });
  }

  end(): void {
    this.open?.end();
  }

  private start(): NonNullable<RunCall["open"]> {
    const call = this.client.start("Run");
    call.on("data", () => this.waiting.shift()?.(true));
    call.on("error", () => {
      const { waiting } = this;
      [this.open, this.waiting] = [undefined, []];
      for (const answer of waiting) answer(false);
    });
    return {
      write: (request) => void call.write(request),
      end: () => {
        call.end();
      },
    };
  }
}
