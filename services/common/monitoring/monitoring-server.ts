import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ListenAddress } from "../configuration/listen-address";
import type { Metrics } from "./metrics";

/** Says why not; undefined: all is well. */
export type Check = () => string | undefined | Promise<string | undefined>;

/** What a monitoring server tells of its service. */
export interface MonitoringServerOptions {
  readonly metrics: Metrics;
  /** Whether the program works; a restart may help if it doesn't. */
  readonly health: Check;
  /** Whether the service can do its work now. */
  readonly ready: Check;
}

/** Answers `/health`, `/ready` and `/metrics` on a port of its own, which callers do not reach. */
export class MonitoringServer {
  private readonly server: Server;

  constructor(private readonly options: MonitoringServerOptions) {
    this.server = createServer((request, response) => {
      this.answer(request.url ?? "/", response).catch((error: unknown) => {
        send(response, 500, { status: "failed", reason: String(error) });
      });
    });
    this.server.requestTimeout = 10_000;
  }

  /** @returns the port */
  async listen({ host, port }: ListenAddress): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, resolve);
    });
    const address: AddressInfo | string | null = this.server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(url: string, response: ServerResponse): Promise<void> {
    const { metrics, health, ready } = this.options;
    switch (url.replace(/\?.*$/, "")) {
      case "/metrics":
        response.setHeader("content-type", metrics.contentType);
        response.end(await metrics.metrics());
        return;
      case "/health":
        report(response, await health());
        return;
      case "/ready":
        report(response, await ready());
        return;
      default:
        send(response, 404, { status: "not found" });
    }
  }
}

function report(response: ServerResponse, reason: string | undefined): void {
  if (reason === undefined) send(response, 200, { status: "ok" });
  else send(response, 503, { status: "unavailable", reason });
}

function send(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
