import { createServer, type IncomingMessage, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

/** A call of a webhook. */
export interface WebhookCall {
  readonly webhook: string;
  readonly traceID: string;
  readonly id: string;
  readonly body: Buffer;
}

/** Where the hook's messages go here: a server that checks signatures as receivers do, with the library of the standard. */
export class WebhookReceiver {
  private readonly server: Server;
  /** Calls whose signature was wrong. */
  refused = 0;

  /**
   * @param secrets - of webhooks that sign, by name
   */
  constructor(
    private readonly secrets: Readonly<Record<string, string>>,
    private readonly onCall: (call: WebhookCall) => void,
  ) {
    this.server = createServer((request, response) => {
      this.take(request).then(
        (status) => response.writeHead(status).end(),
        () => response.writeHead(500).end(),
      );
    });
  }

  /** Begins to listen, on any port; gives the address. */
  async listen(host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(0, host, resolve);
    });
    const address = this.server.address();
    return `http://${host}:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async take(request: IncomingMessage): Promise<number> {
    const body = await buffer(request);
    const webhook = decodeURIComponent(new URL(request.url ?? "/", "http://receiver").pathname.slice(1));
    const header = (name: string): string => request.headersDistinct[name]?.[0] ?? "";
    const secret = this.secrets[webhook];
    if (secret !== undefined && !isSigned(secret, body, header)) {
      this.refused += 1;
      return 401;
    }
    const traceID = decodeURIComponent(header("x-algorun-trace-id"));
    this.onCall({ webhook, traceID, id: header("webhook-id"), body });
    return 204;
  }
}

function isSigned(secret: string, body: Buffer, header: (name: string) => string): boolean {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  try {
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, header(name)])), {
      jsonParse: false,
    });
    return true;
  } catch {
    return false;
  }
}
