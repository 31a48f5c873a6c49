import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { createLogger } from "@algorun/common";
import type { RequestPath } from "../configuration/gateway-config";
import { CircuitBreaker } from "../delivery/circuit-breaker";
import { Delivery } from "../delivery/delivery";
import { GatewayProblem } from "../intake/gateway-problem";
import { Intake } from "../intake/intake";
import { ByteBudget } from "../limits/byte-budget";
import { LogSpace } from "../log/log-space";
import { WriteAheadLog } from "../log/write-ahead-log";

const topic = "algorun.acme.orders.endpoint.0.photos";
const path: RequestPath = {
  name: "photos",
  isDefault: true,
  messageDataType: "FileReference",
  topic,
  protocol: "http",
  maxBodyBytes: 1000,
};

describe("A file whose message can't be made safe", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  const folder = mkdtempSync(join(tmpdir(), "intake-"));
  const never = new Promise<void>(() => undefined);
  let objects: Set<string>;

  after(() => {
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    objects = new Set();
  });

  /** Sends a file while Kafka does not answer. */
  async function refused({ breaker, log }: { breaker: CircuitBreaker; log?: WriteAheadLog }): Promise<void> {
    const intake = new Intake({
      delivery: new Delivery({
        producer: { send: () => never, refuses: () => false, pendingBytes: 0 },
        breaker,
        modeOf: () => (log === undefined ? "disable" : "fallback"),
        logs: new Map(log === undefined ? [] : [[topic, log]]),
        confirmMs: 1,
        pendingBytes: 1000,
      }),
      storage: {
        bucket: "acme.orders",
        upload: async (key, body) => {
          await finished(body.resume());
          objects.add(key);
          return { size: 1, sha256: "0".repeat(64) };
        },
        remove: async (key) => {
          objects.delete(key);
          await Promise.resolve();
        },
      },
      bodies: new ByteBudget(1e9),
      uploads: new ByteBudget(1e9),
      tracer: trace.getTracer("test"),
      logger,
    });
    async function* body(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from("photo"));
    }
    const request = { path, traceId: "trace", contentType: undefined, parameters: {}, context: ROOT_CONTEXT };
    await assert.rejects(
      intake.take({ ...request, body: body(), length: undefined }),
      (error) => error instanceof GatewayProblem && error.kind === "unavailable",
    );
  }

  const settings = { fails: 3, timeout: 60_000, requests: 1, interval: 0 };
  const fullLog = async (): Promise<WriteAheadLog> =>
    await WriteAheadLog.open({ folder, topic, space: new LogSpace(1), segmentBytes: 100, logger });

  it("stays where it is when Kafka may have the message, with no log or with a full one", async () => {
    await refused({ breaker: new CircuitBreaker(settings) });
    assert.equal(objects.size, 1);
    const log = await fullLog();
    await refused({ breaker: new CircuitBreaker(settings), log });
    assert.equal(objects.size, 2);
    await log.close();
  });

  it("goes when nothing was sent to Kafka", async () => {
    const breaker = new CircuitBreaker({ ...settings, fails: 1 });
    breaker.failed();
    await refused({ breaker });
    const log = await fullLog();
    await refused({ breaker, log });
    assert.equal(objects.size, 0);
    await log.close();
  });
});
