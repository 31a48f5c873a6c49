import { Agent, request } from "node:http";

/** What became of a message that was sent. */
export interface SentMessage {
  readonly value: string;
  /** Undefined: nobody answered. */
  readonly status: number | undefined;
  /** Until the answer. */
  readonly seconds: number;
}

/** How a load is made. */
export interface LoadOptions {
  /** How many send at a time. @default 4 */
  readonly senders?: number;
  /** What each message begins with, so that those of one load are known. @default nothing */
  readonly name?: string;
  /** What each message ends with. @default nothing */
  readonly padding?: string;
}

/** Sends messages from some senders at a time, each waiting for the answer to its last, until it is stopped. */
export class Load {
  readonly sent: SentMessage[] = [];
  private readonly name: string;
  private readonly padding: string;
  private stopped = false;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly senders: readonly Promise<void>[];

  constructor(
    private readonly url: () => string,
    { senders = 4, name = "", padding = "" }: LoadOptions = {},
  ) {
    this.name = name;
    this.padding = padding;
    this.senders = Array.from({ length: senders }, (_, sender) => this.run(sender));
  }

  /** Values of the messages that are safe, as their senders were told. */
  get safe(): readonly string[] {
    return this.sent.filter(({ status }) => status === 202).map(({ value }) => value);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.senders);
    this.agent.destroy();
  }

  private async run(sender: number): Promise<void> {
    for (let count = 0; !this.stopped; count += 1) {
      const value = `${this.name}${sender}-${count}${this.padding}`;
      const started = performance.now();
      const status = await this.post(value);
      this.sent.push({ value, status, seconds: (performance.now() - started) / 1000 });
      if (status !== 202) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async post(body: string): Promise<number | undefined> {
    return await new Promise((resolve) => {
      const headers = { "content-type": "text/plain", "content-length": body.length };
      const call = request(this.url(), { method: "POST", headers, agent: this.agent }, (response) => {
        response.resume();
        response.once("close", () => {
          resolve(response.statusCode);
        });
      });
      call.once("error", () => {
        resolve(undefined);
      });
      call.end(body);
    });
  }
}
