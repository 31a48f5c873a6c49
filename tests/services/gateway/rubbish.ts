/**
 * What no program should send, for ports of HTTP and gRPC.
 *
 * @param key - of a caller, so that some of it is looked at more closely
 */
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
