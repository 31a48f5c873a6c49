import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Execution, Produced } from "../execute/executor";
import { HttpExecutor } from "../execute/http-executor";
import { RunFolders } from "../execute/run-folders";
import { SurroundingsFailure } from "../failure";
import type { OutputConfig } from "../runner-config";

const folders = new RunFolders({ input: join(tmpdir(), "none"), output: join(tmpdir(), "none") }, "run");
const output: OutputConfig = {
  name: "Upper",
  delivery: "HttpResponse",
  contentType: "text/plain",
  messageDataType: "Embedded",
};

describe("A runner that asks a server", () => {
  let answer: RequestListener;
  let server: Server;
  let port: number;

  before(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    port = typeof address === "object" && address !== null ? address.port : 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = async (
    body: Readable,
    outputs: readonly OutputConfig[],
    { timeoutSeconds = 20, open = () => Promise.resolve(body) } = {},
  ): Promise<readonly Produced[]> => {
    const http = { verb: "PUT", port, path: "/", headers: {} };
    const input = { name: "Text", delivery: "Http", contentTypes: [], topics: ["texts"], http } as const;
    const payload: Execution["payload"] = {
      contentType: undefined,
      fileName: undefined,
      size: undefined,
      bytes: undefined,
      open,
      save: () => Promise.resolve(),
    };
    const executor = new HttpExecutor({ inputs: [input], outputs, timeoutSeconds });
    const { signal } = new AbortController();
    return await executor.execute({ input, payload, parameters: [], folders, metadata: {}, signal });
  };

  it("lets go of what it sends when the server refuses it halfway", async () => {
    answer = (_request, response) => response.writeHead(500).end("no idea");
    let sent = 0;
    const endless = new Readable({
      read() {
        sent += 1;
        setImmediate(() => this.push(Buffer.alloc(1_000)));
      },
    });
    await assert.rejects(ask(endless, [{ ...output, topic: "upper" }]), /status 500: no idea/);
    if (!endless.closed) await once(endless, "close");
    assert.ok(sent > 0);
  });

  const upper: OutputConfig = { ...output, topic: "upper" };

  function answerAtEnd(): void {
    answer = (request, response) => {
      request.resume().once("end", () => response.end("well"));
    };
  }

  it("gives an algo its time from when there is an input to give it", async () => {
    answerAtEnd();
    const open = async (): Promise<Readable> => {
      await sleep(1_200);
      return Readable.from([Buffer.from("x")]);
    };
    const [produced] = await ask(Readable.from([]), [upper], { timeoutSeconds: 1, open });
    assert.equal(produced?.output.name, "Upper");
  });

  it("blames storage, and not the message, when an input begins and does not go on", async () => {
    answerAtEnd();
    const begun = new Readable({ read: () => undefined });
    begun.push("x");
    await assert.rejects(ask(begun, [upper], { timeoutSeconds: 2 }), SurroundingsFailure);
  });

  it("blames an algo that takes too long with an input that comes, however slowly", async () => {
    answerAtEnd();
    const slow = Readable.from(
      (async function* () {
        for (;;) {
          yield Buffer.from("x");
          await sleep(100);
        }
      })(),
    );
    await assert.rejects(ask(slow, [upper], { timeoutSeconds: 1 }), /no answer after 1 s/);
  });

  it("blames an algo that does not read its input", async () => {
    answer = () => undefined;
    const large = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1_000_000)));
    await assert.rejects(ask(large, [upper], { timeoutSeconds: 2 }), /no answer after 2 s/);
  });

  it("says why an input failed that nobody had begun to read", async () => {
    answerAtEnd();
    const open = (): Promise<Readable> => {
      const failed = new Readable({ read: () => undefined });
      setImmediate(() => failed.destroy(new SurroundingsFailure("nothing came")));
      return Promise.resolve(failed);
    };
    await assert.rejects(ask(Readable.from([]), [upper], { open }), /nothing came/);
  });

  it("drops an answer that nobody reads, however large", async () => {
    answer = (request, response) => {
      request.resume();
      response.writeHead(200);
      for (let part = 0; part < 20; part += 1) response.write(Buffer.alloc(1_000_000));
      response.end();
    };
    assert.deepEqual(await ask(Readable.from([Buffer.from("x")]), [output]), []);
  });

  it("drops a file that nobody reads, be it not written", async () => {
    answer = (request, response) => {
      request.resume();
      response.end("well");
    };
    const unread: OutputConfig = { ...output, name: "Log", delivery: "FileParameter" };
    const produced = await ask(Readable.from([Buffer.from("x")]), [{ ...output, topic: "upper" }, unread]);
    assert.deepEqual(
      produced.map(({ output: { name } }) => name),
      ["Upper"],
    );
    await folders.remove();
  });
});
