import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request of a hook that was taken: answered with success. */
export interface TakenMessage {
  readonly value: string;
  /** The header `webhook-id`. */
  readonly id: string;
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  /** When it came, in milliseconds of this process. */
  readonly at: number;
}

/** Answers a request as a test wants it, or returns false: then it is taken, by 204. */
export type BadAnswer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A certificate and its key, in PEM. */
export interface ReceiverCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** A webhook's receiver on this machine, which can be down, slow and rude. */
export class WebhookReceiver {
  readonly taken: TakenMessage[] = [];
  /** When requests came, those that were not taken included. */
  readonly arrivals: number[] = [];
  /** Milliseconds until it answers. */
  delayMs = 0;
  /** Is asked before the body is read. @default takes everything */
  badAnswer: BadAnswer = () => false;
  private server: Server | undefined;
  private port = 0;

  /** Begins to listen, at the port it had before, if it had one. @returns its port */
  async listen(certificate?: ReceiverCertificate): Promise<number> {
    const listener: RequestListener = (request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    };
    const server =
      certificate === undefined
        ? createServer(listener)
        : createSecureServer({ cert: certificate.certificate, key: certificate.key }, listener);
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

  /** Messages that were taken, by their values, with the ids that each came with. */
  get ids(): ReadonlyMap<string, readonly string[]> {
    const ids = new Map<string, string[]>();
    for (const { value, id } of this.taken) ids.set(value, [...(ids.get(value) ?? []), id]);
    return ids;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.arrivals.push(performance.now());
    if (this.badAnswer(request, response)) return;
    const value = (await buffer(request)).toString();
    if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    const { method = "", headers } = request;
    const id = request.headersDistinct["webhook-id"]?.[0] ?? "";
    this.taken.push({ value, id, method, headers, at: performance.now() });
    response.writeHead(204).end();
  }
}
