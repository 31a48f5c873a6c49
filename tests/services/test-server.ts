import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateFiles } from "../software/kafka-nodes";

/** A server on this machine that goes away and comes back at its port. */
export class TestServer {
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly listener: RequestListener) {}

  /**
   * Begins to listen, at the port that it had before or else at a free one.
   *
   * @param certificate - with it, the server speaks HTTPS
   * @returns its port
   */
  async listen(certificate?: CertificateFiles): Promise<number> {
    const { listener } = this;
    const server =
      certificate === undefined
        ? createServer(listener)
        : createSecureServer({ cert: certificate["tls.crt"], key: certificate["tls.key"] }, listener);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(this.port, "127.0.0.1", resolve);
    });
    const address: string | AddressInfo | null = server.address();
    if (typeof address === "object" && address !== null) this.port = address.port;
    this.server = server;
    return this.port;
  }

  /** Goes down: connections are cut, and new ones refused. */
  async close(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}
