import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { FetchError, fetchFile, fetchText } from "../../local/toolchain/fetch-file";
import { TemporaryFolder } from "./fakes";

const servers: Server[] = [];

/** Starts a server on the loopback address; on a port of its own unless one is given. */
async function serve(
  listener: RequestListener,
  port = 0,
): Promise<{ server: Server; url: string; port: number }> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { server, url: `http://127.0.0.1:${address.port}`, port: address.port };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

describe("fetching", () => {
  const temporary = new TemporaryFolder();

  afterEach(async () => {
    for (const server of servers.splice(0)) await close(server);
  });

  after(() => {
    temporary.remove();
  });

  it("writes a file that has the expected SHA-256 and refuses another", async () => {
    const { url } = await serve((_, response) => response.end("content"));
    const path = join(temporary.path, "file");
    const sha256 = createHash("sha256").update("content").digest("hex");
    await fetchFile(url, path, sha256);
    assert.equal(readFileSync(path, "utf8"), "content");
    await assert.rejects(fetchFile(url, path, "0".repeat(64)), /its SHA-256 is [0-9a-f]{64}, expected 0{64}/);
  });

  it("asks a host that can't be reached once", async () => {
    const { server, url, port } = await serve((_, response) => response.end());
    await close(server);
    await assert.rejects(fetchText(url), FetchError);
    let asked = 0;
    await serve((_, response) => {
      asked += 1;
      response.end("here");
    }, port);
    await assert.rejects(fetchText(`${url}/other`), /ECONNREFUSED/);
    assert.equal(asked, 0);
  });

  it("gives up on a host that does not answer", async () => {
    const { url } = await serve(() => undefined);
    await assert.rejects(fetchText(url), /no answer within 4 s/);
  });

  it("goes on asking a host that only lacks one file", async () => {
    const { url } = await serve((request, response) => {
      response.statusCode = request.url === "/here" ? 200 : 404;
      response.end("text");
    });
    await assert.rejects(fetchText(`${url}/away`), /HTTP status 404/);
    assert.equal(await fetchText(`${url}/here`), "text");
  });
});
