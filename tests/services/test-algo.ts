import { buffer } from "node:stream/consumers";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TestServer } from "./test-server";

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
export class TestAlgo extends TestServer {
  readonly requests: AlgoRequest[] = [];

  constructor(private readonly answer: (request: AlgoRequest) => AlgoAnswer | Promise<AlgoAnswer>) {
    super((request, response) => {
      this.respond(request, response).catch(() => response.destroy());
    });
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = "/", method = "", headers } = request;
    const body = (await buffer(request)).toString();
    const asked = { body, url: new URL(url, "http://algo"), headers, method };
    this.requests.push(asked);
    const answer = await this.answer(asked);
    if (answer === "hang") return;
    if (answer === "cut") {
      request.socket.destroy();
      return;
    }
    if (answer === "garbage") {
      request.socket.end("\u0000 this is no HTTP\r\n\r\n");
      return;
    }
    const { status = 200, body: text = "", contentType = "text/plain" } = answer;
    response.writeHead(status, { "content-type": contentType });
    response.end(text);
  }
}
