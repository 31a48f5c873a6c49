import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { S3ServiceException } from "@aws-sdk/client-s3";
import { ObjectStorage } from "../storage/object-storage";

const mebibyte = 1024 * 1024;
const begun = `<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u-1</UploadId></InitiateMultipartUploadResult>`;

describe("Uploads to object storage", () => {
  let server: Server;
  let storage: ObjectStorage;
  /** What the server does with a request whose body it has read. */
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    server = createServer((request, response) => {
      request.resume().once("end", () => {
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    storage = new ObjectStorage("b", {
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      region: "us-east-1",
      credentials: { accessKeyId: "key", secretAccessKey: "secret" },
      maxAttempts: 1,
    });
  });

  after(() => {
    storage.close();
    server.closeAllConnections();
    server.close();
  });

  /** A stream without an end. */
  function endless(): { readonly body: Readable; readonly isClosed: () => boolean } {
    let closed = false;
    async function* chunks(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(mebibyte));
      } finally {
        closed = true;
      }
    }
    return { body: Readable.from(chunks(), { objectMode: false }), isClosed: () => closed };
  }

  it("that fail are answered at once, end their source, and have their parts removed", async function () {
    // The SDK waits longer for the removal.
    this.timeout(10_000);
    const removals: ServerResponse[] = [];
    answer = ({ method }, response) => {
      if (method === "POST") response.end(begun);
      // A server that hangs answers neither the one nor the other.
      else if (method === "DELETE") removals.push(response);
      else response.writeHead(403).end();
    };
    const { body, isClosed } = endless();
    const isRefusal = (error: unknown): boolean =>
      error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403;
    await assert.rejects(storage.upload("k", body), isRefusal);
    while (!isClosed() || removals.length === 0) await delay(5);
    assert.ok(body.destroyed);
    for (const response of removals) response.writeHead(204).end();
  });

  it("that are ended end their source, and have their parts removed once none is on its way", async () => {
    const removed: string[] = [];
    const parts: ServerResponse[] = [];
    answer = ({ method, url }, response) => {
      if (method === "PUT") {
        parts.push(response);
        return;
      }
      if (method === "DELETE") removed.push(url ?? "");
      response.end(method === "POST" ? begun : undefined);
    };
    const { body, isClosed } = endless();
    const ended = new AbortController();
    const upload = storage.upload("k", body, { signal: ended.signal });
    while (parts.length < 2) await delay(5);
    ended.abort();
    await assert.rejects(upload);
    while (!isClosed()) await delay(5);
    assert.deepEqual(removed, []);
    for (const response of parts) response.setHeader("etag", "e").end();
    while (removed.length === 0) await delay(5);
    assert.match(removed.join(), /uploadId=u-1/);
  });
});
