import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateFiles } from "../software/kafka-nodes";

/** What the algo's server is asked. */
export interface AlgoRequest {
  readonly body: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method: string;
}

/** What it answers; `hang` never does, `cut` closes the connection, `garbage` is no HTTP. */
export type AlgoAnswer =
  | { readonly status?: number; readonly body?: string; readonly contentType?: string }
  | "hang"
  | "cut"
  | "garbage";

/** An algo as a server, whose answers a test decides. */
export class TestAlgo {
  readonly requests: AlgoRequest[] = [];
  private server: Server | undefined;
  private port = 0;

  /** @param certificate - with it, the server speaks HTTPS */
  constructor(
    private readonly answer: (request: AlgoRequest) => AlgoAnswer | Promise<AlgoAnswer>,
    private readonly certificate?: CertificateFiles,
  ) {}

  /** @param port - @default a free one */
  async listen(port = 0): Promise<number> {
    const listener: RequestListener = (request, response) => {
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
          if (answer === "garbage") {
            request.socket.end("\u0000 this is no HTTP\r\n\r\n");
            return;
          }
          const { status = 200, body = "", contentType = "text/plain" } = answer;
          response.writeHead(status, { "content-type": contentType });
          response.end(body);
        });
      });
    };
    const { certificate } = this;
    const server =
      certificate === undefined
        ? createServer(listener)
        : createSecureServer({ cert: certificate["tls.crt"], key: certificate["tls.key"] }, listener);
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
