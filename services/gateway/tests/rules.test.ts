import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { gatewayConfigSchema, type GatewayConfig } from "../configuration/gateway-config";
import { CircuitBreaker } from "../delivery/circuit-breaker";
import { parseTarget } from "../http/request-target";
import { isAccepted, typeByDefault } from "../intake/content-type";
import { GatewayProblem } from "../intake/gateway-problem";
import { traceIdOf } from "../intake/trace-id";
import { BodyPace } from "../limits/body-pace";
import { ByteBudget } from "../limits/byte-budget";
import { unlessSilent } from "../limits/unless-silent";
import { volumeShares } from "../limits/volume-shares";

describe("A URL of the endpoint", () => {
  const hasPath = (name: string): boolean => name === "texts";
  const cases: readonly (readonly [
    url: string,
    path: string | undefined,
    traceId: string | undefined,
    isUpload: boolean,
  ])[] = [
    ["/acme/orders", undefined, undefined, false],
    ["/acme/orders/", undefined, undefined, false],
    ["/acme/orders/texts", "texts", undefined, false],
    ["/acme/orders/texts/t-1", "texts", "t-1", false],
    ["/acme/orders/texts/upload", "texts", undefined, true],
    ["/acme/orders/texts/t-1/upload", "texts", "t-1", true],
    ["/acme/orders/upload", undefined, undefined, true],
  ];
  for (const [url, path, traceId, isUpload] of cases) {
    it(`is understood: ${url}`, () => {
      assert.deepEqual(parseTarget(url, hasPath), { deployment: "acme.orders", path, traceId, isUpload });
    });
  }

  it("may name a path that is called upload", () => {
    assert.equal(parseTarget("/acme/orders/upload", (name) => name === "upload").path, "upload");
  });

  it("is understood or refused, whatever it is", () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        try {
          parseTarget(path, hasPath);
        } catch (error) {
          assert.ok(error instanceof GatewayProblem);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("A request's content type", () => {
  it("is one that the path takes, wildcards and families included", () => {
    const accepted = [
      "image/png image/any",
      "IMAGE/PNG image/*",
      "text/plain;charset=utf-8 Text",
      "a/b any",
      "a/b */*",
    ];
    for (const pair of accepted) assert.ok(isAccepted(...(pair.split(" ") as [string, string])), pair);
    const refused = ["text/plain image/any", "image/any image/png", "text/plain text/html"];
    for (const pair of refused) assert.ok(!isAccepted(...(pair.split(" ") as [string, string])), pair);
  });

  it("is the path's where the request doesn't say, and the path has an exact one", () => {
    assert.equal(typeByDefault("text/plain"), "text/plain");
    for (const accepted of ["text/any", "Text", undefined])
      assert.equal(typeByDefault(accepted), "application/octet-stream");
  });
});

describe("A trace id", () => {
  it("is made where none is stated, and never one that could lead elsewhere", () => {
    assert.notEqual(traceIdOf(undefined), traceIdOf(undefined));
    assert.equal(traceIdOf("order-7_a.b~c"), "order-7_a.b~c");
    for (const bad of ["..", "a/b", "a b", "x".repeat(129), "ä", "a\n"])
      assert.throws(() => traceIdOf(bad), GatewayProblem, bad);
  });
});

describe("The circuit breaker", () => {
  it("opens after failures in a row, lets some try after a while, and closes when they succeed", () => {
    let now = 0;
    let opened = 0;
    const breaker = new CircuitBreaker({ fails: 2, timeout: 100, requests: 2, interval: 0 }, () => now);
    breaker.onOpen(() => (opened += 1));
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    assert.equal(breaker.current, "closed");
    breaker.failed();
    assert.deepEqual([breaker.current, opened], ["open", 1]);
    now = 100;
    assert.equal(breaker.current, "half-open");
    breaker.failed();
    assert.deepEqual([breaker.current, opened], ["open", 2]);
    now = 200;
    breaker.succeeded();
    assert.equal(breaker.current, "half-open");
    breaker.succeeded();
    assert.equal(breaker.current, "closed");
  });

  it("forgets failures that are long ago", () => {
    let now = 0;
    const breaker = new CircuitBreaker({ fails: 2, timeout: 100, requests: 1, interval: 10 }, () => now);
    breaker.failed();
    now = 10_001;
    breaker.failed();
    assert.equal(breaker.current, "closed");
  });
});

describe("Memory for what comes in", () => {
  it("is waited for, and given to the oldest first", async () => {
    const budget = new ByteBudget(100);
    const [first, second, third] = [budget.lease(), budget.lease(), budget.lease()];
    await first.grow(100);
    const order: string[] = [];
    const later = third.grow(50).then(() => order.push("third"));
    const sooner = second.grow(50).then(() => order.push("second"));
    assert.equal(budget.used, 100);
    first.end();
    await Promise.all([later, sooner]);
    assert.deepEqual([order, budget.used], [["second", "third"], 100]);
  });

  it("is refused to the youngest when all that have some wait for more", async () => {
    const budget = new ByteBudget(100);
    const [old, young] = [budget.lease(), budget.lease()];
    await old.grow(50);
    await young.grow(50);
    const older = old.grow(30);
    await assert.rejects(young.grow(30), GatewayProblem);
    young.end();
    await older;
    assert.equal(budget.used, 80);
  });

  it("is not refused as long as somebody who has some does not wait", async () => {
    const budget = new ByteBudget(100);
    const [first, second, third, fourth] = [budget.lease(), budget.lease(), budget.lease(), budget.lease()];
    await first.grow(60);
    await third.grow(30);
    const granted = second.grow(50);
    const later = [third.grow(60), fourth.grow(10)];
    // The second gets what the first gives back, and is what the others wait for.
    first.end();
    await granted;
    second.end();
    await Promise.all(later);
    assert.equal(budget.used, 100);
  });

  it("is refused after a while", async () => {
    const budget = new ByteBudget(100, 1);
    await budget.lease().grow(100);
    await assert.rejects(budget.lease().grow(1), GatewayProblem);
  });
});

describe("The volume of the log", () => {
  const mebibyte = 1024 ** 2;
  const config = (
    protocol: "http" | "rtmp",
    wal: { max_bytes: number; in_memory: boolean },
  ): GatewayConfig => {
    const taken = { name: "a", isDefault: true, messageDataType: "FileReference", topic: "t" };
    const path = protocol === "rtmp" ? { protocol, stream: "s" } : { protocol, maxBodyBytes: 1 };
    const listen = "0.0.0.0:8080";
    return gatewayConfigSchema.parse({
      deployment: { owner: "o", name: "n" },
      pipeline: { owner: "o", name: "n", versionTag: "1" },
      server: { http: { listen }, grpc: { listen }, monitoring: { listen } },
      kafka: { params: {} },
      producer: { wal: { path: "/wal", always_topics: [], disable_topics: [], ...wal } },
      paths: [{ ...taken, ...path }],
    });
  };

  it("has room for messages and for pieces of media streams, of both together", () => {
    for (const max of [64 * mebibyte, 1024 * mebibyte, 8192 * mebibyte]) {
      for (const inMemory of [true, false]) {
        const { log, pieces } = volumeShares(config("rtmp", { max_bytes: max, in_memory: inMemory }));
        assert.ok(log + pieces <= max * 0.95 && log >= max / 2 && pieces >= 12 * mebibyte);
        assert.ok(!inMemory || pieces <= 16 * mebibyte);
      }
    }
  });

  it("is the messages' alone where there are no media streams", () => {
    const wal = { max_bytes: 1000, in_memory: false };
    assert.deepEqual(volumeShares(config("http", wal)), { log: 950, pieces: 0 });
  });
});

describe("A caller who says nothing", () => {
  it("is waited for no longer than the limit, from piece to piece", async () => {
    async function* pieces(pausesMs: readonly number[]): AsyncGenerator<number> {
      for (const pause of pausesMs) {
        if (pause === Infinity) await new Promise<void>(() => undefined);
        await delay(pause);
        yield pause;
      }
    }
    const heard: number[] = [];
    for await (const piece of unlessSilent(pieces([30, 30, 30, 30]), 100)) heard.push(piece);
    assert.deepEqual(heard, [30, 30, 30, 30]);
    const silent = unlessSilent(pieces([10, Infinity]), 100);
    assert.equal((await silent.next()).value, 10);
    await assert.rejects(silent.next(), { kind: "timeout" });
  });
});

describe("The pace of a body", () => {
  it("may be slow at first, and then not for long", () => {
    let now = 0;
    const pace = new BodyPace(1_000_000, () => now);
    now = 29_000;
    pace.came(10);
    now = 31_000;
    assert.throws(() => {
      pace.came(10);
    }, /too slowly/);
  });
});
