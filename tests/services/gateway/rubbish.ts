import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import fc from "fast-check";

/** Something that no program should send. */
export type Rubbish =
  /** Bytes for a port, whatever it speaks. */
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  /** The body of a call of gRPC, over a sound HTTP/2. */
  | { readonly kind: "call"; readonly method: string; readonly body: Buffer; readonly breaksOff: boolean };

/** What no program should send, and what has hurt others. */
export function rubbishWith(key: string): readonly string[] {
  return [
    "\0\0\0\0",
    "GET",
    "POST / HTTP/9\r\n\r\n",
    "POST /%zz/%zz HTTP/1.1\r\nhost: a\r\n\r\n",
    "POST //a HTTP/1.1\r\nhost: a\r\n\r\n",
    "POST http:// HTTP/1.1\r\nhost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
    `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-length: -1\r\n\r\n`,
    `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-type: ${"x".repeat(20_000)}\r\n\r\n`,
    `POST /acme/orders/texts/upload HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 9\r\n\r\n--b\r\n\r\nxx`,
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0\0\0\u0009\u0001\u0004\0\0\0\u0001zzzzzzzzz",
  ];
}

const anyBytes = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
const anyText = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.constantFrom("", "-1", "0", "chunked", "99999999999"),
);

const headers = fc.array(
  fc.tuple(
    fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom("content-length", "transfer-encoding", "expect", "content-type", "content-disposition"),
    ),
    anyText,
  ),
  { maxLength: 6 },
);

/** Nearly a request of HTTP/1.1. */
const requests = fc
  .record({
    method: fc.constantFrom("POST", "GET", "CONNECT", "OPTIONS", "BREW", ""),
    path: fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.constantFrom("/acme/orders/texts", "/acme/orders/photos", "/acme/orders/anything/upload"),
    ),
    headers,
    body: anyBytes,
  })
  .map(({ method, path, headers: lines, body }) =>
    Buffer.concat([
      Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: a\r\n`),
      Buffer.from(lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")),
      Buffer.from("\r\n"),
      body,
    ]),
  );

/** Frames of HTTP/2 whose fields have nothing to do with each other. */
const frames = fc
  .array(
    fc.record({
      length: fc.option(fc.nat({ max: 2 ** 24 - 1 }), { freq: 3 }),
      type: fc.nat({ max: 12 }),
      flags: fc.nat({ max: 255 }),
      stream: fc.constantFrom(0, 1, 2, 3, 5, 2 ** 31 - 1),
      payload: fc.uint8Array({ maxLength: 100 }),
    }),
    { maxLength: 10 },
  )
  .map((list) =>
    Buffer.concat([
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
      ...list.map(({ length, type, flags, stream, payload }) => {
        const head = Buffer.alloc(9);
        head.writeUIntBE(length ?? payload.length, 0, 3);
        head.writeUInt8(type, 3);
        head.writeUInt8(flags, 4);
        head.writeUInt32BE(stream, 5);
        return Buffer.concat([head, payload]);
      }),
    ]),
  );

/** Messages of gRPC that say to be compressed or longer than they are, and whose fields are none. */
const messages = fc
  .array(
    fc.record({
      compressed: fc.nat({ max: 3 }),
      length: fc.option(fc.nat({ max: 2 ** 32 - 1 }), { freq: 3 }),
      payload: anyBytes,
    }),
    { maxLength: 5 },
  )
  .map((list) =>
    Buffer.concat(
      list.map(({ compressed, length, payload }) => {
        const head = Buffer.alloc(5);
        head.writeUInt8(compressed, 0);
        head.writeUInt32BE(length ?? payload.length, 1);
        return Buffer.concat([head, payload]);
      }),
    ),
  );

/** See {@link Rubbish}. */
export const anyRubbish: fc.Arbitrary<Rubbish> = fc.oneof(
  fc.oneof(anyBytes, requests, frames).map((bytes) => ({ kind: "bytes" as const, bytes })),
  fc.record({
    kind: fc.constant("call" as const),
    method: fc.constantFrom("Run", "Upload", "Other", ""),
    body: messages,
    breaksOff: fc.boolean(),
  }),
);

/** Sends it, and waits until the connection has ended, for some seconds at most. */
export async function sendRubbish(rubbish: Rubbish, host: string, port: number): Promise<void> {
  if (rubbish.kind === "bytes") await sendBytes(rubbish.bytes, host, port);
  else await sendCall(rubbish, host, port);
}

async function sendBytes(bytes: Buffer, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(port, host, () => socket.end(bytes));
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on("error", () => undefined).on("data", () => undefined);
    socket.once("close", () => {
      resolve();
    });
  });
}

async function sendCall(
  { method, body, breaksOff }: Extract<Rubbish, { kind: "call" }>,
  host: string,
  port: number,
): Promise<void> {
  const session = connectHttp2(`http://${host}:${port}`);
  session.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    const call = session.request({
      ":method": "POST",
      ":path": `/PipelineEndpoint/${method}`,
      "content-type": "application/grpc",
      "grpc-encoding": "gzip",
      te: "trailers",
    });
    call.setTimeout(3_000, () => {
      call.close(constants.NGHTTP2_CANCEL);
    });
    call.on("error", () => undefined).on("data", () => undefined);
    call.once("close", () => {
      resolve();
    });
    call.write(body);
    if (breaksOff) call.close(constants.NGHTTP2_CANCEL);
    else call.end();
  });
  session.destroy();
}
