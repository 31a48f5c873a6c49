import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { problemKinds, type ProblemKind } from "../intake/gateway-problem";

const kinds: Readonly<Record<string, ProblemKind>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "timeout",
  HPE_HEADER_OVERFLOW: "headersTooLarge",
};
const details: Partial<Record<ProblemKind, string>> = {
  timeout: "the request took too long",
  headersTooLarge: "the head of the request takes more than 16 KiB",
};

/** Answers what is no request of HTTP, or none in time, as every other problem. Then the connection ends. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable && error.code !== "ECONNRESET") {
    const kind = kinds[error.code ?? ""] ?? "badRequest";
    const { status, title } = problemKinds[kind];
    const detail = details[kind] ?? "the request is not well-formed";
    const body = JSON.stringify({ type: "about:blank", title, status, detail });
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? title}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
