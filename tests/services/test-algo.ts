import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What the algo's server is asked. */
export interface AlgoRequest {
  readonly body: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
}

/** What it answers; `hang` never does, `cut` closes the connection. */
export type AlgoAnswer =
  { readonly status?: number; readonly body?: string; readonly contentType?: string } | "hang" | "cut";

/** An algo as a server, whose answers a test decides. */
export class TestAlgo {
  readonly requests: AlgoRequest[] = [];
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly answer: (request: AlgoRequest) => AlgoAnswer | Promise<AlgoAnswer>) {}

  /** @param port - @default a free one */
  async listen(port = 0): Promise<number> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { url = "/", method = "", headers } = request;
        const asked = {
          body: Buffer.concat(chunks).toString(),
          url: new URL(url, "http://algo"),
          headers,
          method,
        };
        this.requests.push(asked);
        void Promise.resolve(this.answer(asked)).then((answer) => {
          if (answer === "hang") return;
          if (answer === "cut") {
            request.socket.destroy();
            return;
          }
          const { status = 200, body = "", contentType = "text/plain" } = answer;
          response.writeHead(status, { "content-type": contentType });
          response.end(body);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    this.server = server;
    const address: string | AddressInfo | null = server.address();
    this.port = typeof address === "object" && address !== null ? address.port : port;
    return this.port;
  }

  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}
