import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { TestServer } from "./test-server";

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

/** A webhook's receiver on this machine, which can be down, slow and rude. */
export class WebhookReceiver extends TestServer {
  readonly taken: TakenMessage[] = [];
  /** When requests came, those that were not taken included. */
  readonly arrivals: number[] = [];
  /** Milliseconds until it answers. */
  delayMs = 0;
  /** Is asked before the body is read. @default takes everything */
  badAnswer: BadAnswer = () => false;

  constructor() {
    super((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
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
