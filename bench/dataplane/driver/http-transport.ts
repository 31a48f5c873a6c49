import { Pool } from "undici";
import type { Transport } from "./transport";

const connections = 128;

/** A request for each message, on connections that stay open. */
export class HttpTransport implements Transport {
  private readonly pool: Pool;
  private readonly path: string;

  constructor({ origin, pathname }: URL) {
    this.pool = new Pool(origin, { connections, pipelining: 1 });
    this.path = pathname;
  }

  async send(text: string): Promise<boolean> {
    const { statusCode, body } = await this.pool.request({
      path: this.path,
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: text,
    });
    await body.dump();
    return statusCode === 202;
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
