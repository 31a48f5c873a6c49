import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ObjectStorage } from "@algorun/common";

const size = 4_000_000;
const silenceMs = 300;

describe("An object that is read", () => {
  let server: Server;
  let storage: ObjectStorage;

  before(async () => {
    server = createServer((request, response) => {
      response.writeHead(200, { "content-length": String(size) });
      if (request.url?.includes("silent")) response.write(Buffer.alloc(size / 2));
      else response.end(Buffer.alloc(size));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    storage = new ObjectStorage(
      "bucket",
      {
        endpoint: `http://127.0.0.1:${port}`,
        region: "local",
        credentials: { accessKeyId: "id", secretAccessKey: "key" },
        forcePathStyle: true,
      },
      silenceMs,
    );
  });

  after(() => {
    storage.close();
    server.closeAllConnections();
    server.close();
  });

  it("is read to its end, however slowly", async () => {
    const body = await storage.download("slowly");
    let bytes = 0;
    for await (const chunk of body) {
      if (bytes === 0) await sleep(4 * silenceMs);
      bytes += Buffer.from(chunk as Uint8Array).length;
    }
    assert.equal(bytes, size);
  });

  it("fails when the server says nothing more", async () => {
    await assert.rejects(storage.download("silent").then(buffer), /nothing came for 0.3 s/);
  });

  it("lets go of the connection when its reader does", async () => {
    const body = await storage.download("silent");
    const closed = once(body, "close");
    body.destroy();
    await closed;
    const connections = async (): Promise<number> =>
      await new Promise((resolve) => {
        server.getConnections((_error, count) => {
          resolve(count);
        });
      });
    while ((await connections()) > 1) await new Promise(setImmediate);
  });
});
