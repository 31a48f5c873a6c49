import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { trace } from "@opentelemetry/api";
import { createLogger, createMetrics, type FetchedMessage } from "@algorun/common";
import type { Patience } from "../deliver/patience";
import { WebhookTarget } from "../deliver/webhook-target";
import { Hook } from "../hook";
import { HookMetrics } from "../hook-metrics";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const well: Answer = (_request, response) => {
  response.writeHead(200).end("thank you");
};

/** What a receiver does that is unwell, and the class of the failure. */
const unwell: Readonly<Record<string, readonly [errorClass: string, answer: Answer]>> = {
  "does not answer": ["TimeOut", () => undefined],
  "answers with 500": [
    "Status",
    (_request, response) => {
      response.writeHead(500).end();
    },
  ],
  "refuses the message": [
    "Status",
    (_request, response) => {
      response.writeHead(422).end();
    },
  ],
  "leads elsewhere": [
    "Status",
    (_request, response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
    },
  ],
  "resets the connection": [
    "Connection",
    (request) => {
      request.socket.resetAndDestroy();
    },
  ],
  "resets the connection in its answer": [
    "Connection",
    (request, response) => {
      response.socket?.write("HTTP/1.1 200 O", () => request.socket.resetAndDestroy());
    },
  ],
  "answers with garbage": [
    "Connection",
    (_request, response) => {
      response.socket?.end("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    },
  ],
};

const patience: Patience = {
  answerMs: 30_000,
  giveUpMs: 50_000,
  firstBackoffMs: 5,
  longestBackoffMs: 20,
  halfOpenMs: 20,
};
const logger = createLogger({ deployment: "", pipeline: "", component: "test", instance: "" });
logger.level = "silent";

/** Only who does not answer is waited for. */
function answerMsOf(errorClass: string): number {
  return errorClass === "TimeOut" ? 200 : 30_000;
}

function message(value: string, key: string | null = null): FetchedMessage {
  return {
    topic: "t",
    partition: 0,
    offset: 1n,
    timestamp: 0n,
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(value),
    headers: [],
  };
}

describe("A hook", function () {
  this.timeout(60_000);
  const taken: string[] = [];
  let answer: Answer = well;
  let server: Server;
  let url: string;

  before(async () => {
    server = createServer((request, response) => {
      buffer(request).then(
        (body) => {
          taken.push(body.toString());
          answer(request, response);
        },
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address: string | AddressInfo | null = server.address();
    url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
  });

  beforeEach(() => {
    taken.length = 0;
    answer = well;
  });

  after(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  const hookOf = (changed: Partial<Patience> = {}): Hook => {
    const config = { name: "crm", topics: ["t"], url, verb: "POST", headers: {}, secretHeaders: {} } as const;
    const observer = { metrics: new HookMetrics(createMetrics({})), tracer: trace.getTracer("test"), logger };
    return new Hook([new WebhookTarget(config, { ...patience, ...changed }, observer)], "dead-letters");
  };

  const anyTime = (): { lost: AbortSignal; giveUp: AbortSignal } => ({
    lost: new AbortController().signal,
    giveUp: new AbortController().signal,
  });

  for (const [what, [errorClass, bad]] of Object.entries(unwell)) {
    it(`delivers after a while to a receiver that ${what}`, async () => {
      const hook = hookOf({ answerMs: answerMsOf(errorClass) });
      let left = 7;
      answer = (request, response) => {
        if (--left >= 0) bad(request, response);
        else well(request, response);
      };
      assert.deepEqual(await hook.work(message("late"), anyTime()), []);
      assert.ok(taken.length >= 8);
    });

    it(`gives up on a receiver that ${what} for ever, and says why`, async () => {
      answer = bad;
      const letters = await hookOf({ answerMs: answerMsOf(errorClass), giveUpMs: 500 }).work(
        message("never"),
        anyTime(),
      );
      const [letter] = letters;
      assert.ok(letter);
      const headers = Object.fromEntries(
        [...letter.headers].map(([name, value]) => [String(name), String(value)]),
      );
      assert.equal(headers["errorClass"], errorClass);
      assert.equal(headers["errorWebhook"], "crm");
      assert.ok(Number(headers["errorAttempts"]) >= 1);
      assert.equal(letter.topic, "dead-letters");
    });
  }

  it("keeps the order of a key, and lets other keys pass", async () => {
    let refusals = 5;
    const order: string[] = [];
    answer = (request, response) => {
      const value = taken.at(-1) ?? "";
      if (value === "a1" && --refusals >= 0) {
        response.writeHead(404).end();
        return;
      }
      order.push(value);
      well(request, response);
    };
    const hook = hookOf();
    const sent = [message("a1", "a"), message("a2", "a"), message("b1", "b"), message("a3", "a")];
    await Promise.all(sent.map((each) => hook.work(each, anyTime())));
    assert.deepEqual(order, ["b1", "a1", "a2", "a3"]);
  });

  it("ends what is on its way when it is stopped, and begins nothing new", async () => {
    const stop = new AbortController();
    const open: (() => void)[] = [];
    answer = (request, response) => {
      open.push(() => {
        well(request, response);
      });
    };
    const hook = hookOf();
    const work = { lost: new AbortController().signal, giveUp: stop.signal };
    const outcomes = Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => hook.work(message(String(index)), work)),
    );
    while (open.length < 16) await new Promise(setImmediate);
    stop.abort();
    for (const end of open) end();
    const ended = (await outcomes).filter(({ status }) => status === "fulfilled");
    assert.equal(ended.length, 16);
    assert.equal(taken.length, 16);
  });

  it("cuts what is on its way when its partition is another's", async () => {
    const lost = new AbortController();
    answer = () => {
      lost.abort(new Error("another's"));
    };
    const work = { lost: lost.signal, giveUp: lost.signal };
    await assert.rejects(hookOf().work(message("x"), work), /another's/);
  });
});
