import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createLogger } from "@algorun/common";
import { CircuitBreaker } from "../delivery/circuit-breaker";
import { Delivery, type Safe } from "../delivery/delivery";
import { deferred } from "../delivery/deferred";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { LogReplay } from "../log/log-replay";
import { LogSpace } from "../log/log-space";
import { WriteAheadLog } from "../log/write-ahead-log";

const topic = "algorun.acme.orders.endpoint.0.texts";

/** Takes messages one after the other for each, some milliseconds after they came; until it is there none. */
class SlowProducer {
  readonly taken: string[] = [];
  readonly there = deferred();
  private tail: Promise<unknown> = this.there.promise;
  pendingBytes = 0;

  refuses(): boolean {
    return false;
  }

  async send({ value }: PipelineMessage): Promise<void> {
    const arrived = this.tail.then(() => this.taken.push(value.toString()));
    this.tail = arrived;
    await arrived;
    await delay(5);
  }
}

describe("A log under steady load", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  const home = mkdtempSync(join(tmpdir(), "delivery-"));
  let logs = 0;

  after(() => {
    rmSync(home, { recursive: true });
  });

  function message(value: string, timestamp = Date.now()): PipelineMessage {
    return { topic, key: Buffer.from("key"), headers: new Map(), value: Buffer.from(value), timestamp };
  }

  async function start(): Promise<{
    readonly breaker: CircuitBreaker;
    readonly delivery: Delivery;
    readonly log: WriteAheadLog;
    readonly producer: SlowProducer;
    readonly replay: LogReplay;
  }> {
    const folder = join(home, String(logs++));
    const breaker = new CircuitBreaker({ fails: 1, timeout: 50, requests: 1, interval: 0 });
    const producer = new SlowProducer();
    const space = new LogSpace(1e9);
    const log = await WriteAheadLog.open({ folder, topic, space, segmentBytes: 1e6, logger });
    const settings = { periodMs: 0, rateLimit: undefined, windowBytes: 1e6 };
    const replay = new LogReplay(log, (sent) => producer.send(sent), breaker, settings, logger);
    const delivery = new Delivery({
      producer,
      breaker,
      modeOf: () => "fallback",
      logs: new Map([[topic, log]]),
      confirmMs: 60_000,
      pendingBytes: 1e6,
    });
    return { breaker, delivery, log, producer, replay };
  }

  it("takes messages at once as long as those before them wait, though the producer has them", async () => {
    const { delivery, log, replay } = await start();
    await log.append(message("waiting", Date.now() - 3_000));
    while (!log.isRead) await delay(5);
    for (let count = 0; count < 20; count += 1)
      assert.equal(await delivery.accept(message(String(count))), "log");
    await replay.stop();
    await log.close();
  });

  it("is sent to its end, and messages go to Kafka again, all in their order", async () => {
    const { breaker, delivery, log, producer, replay } = await start();
    const sent: string[] = [];
    const accept = async (value: string): Promise<Safe> => {
      sent.push(value);
      return await delivery.accept(message(value));
    };

    const inKafka: string[] = [];
    const ended = new AbortController();
    const callers = Array.from({ length: 40 }, async (_, caller) => {
      for (let count = 0; !ended.signal.aborted; count += 1) {
        const value = `${caller}-${count}`;
        if ((await accept(value)) === "kafka") inKafka.push(value);
      }
    });
    breaker.failed();
    await delay(500);
    assert.deepEqual([...inKafka], []);
    producer.there.resolve();
    breaker.succeeded();
    const until = Date.now() + 5_000;
    while (inKafka.length < 100 && Date.now() < until) await delay(20);
    ended.abort();
    await Promise.all(callers);
    assert.ok(inKafka.length >= 100, `${inKafka.length} of ${sent.length} went to Kafka`);
    while (producer.taken.length < sent.length) await delay(20);
    for (let caller = 0; caller < callers.length; caller += 1) {
      const ofCaller = (value: string): boolean => value.startsWith(`${caller}-`);
      assert.deepEqual(producer.taken.filter(ofCaller), sent.filter(ofCaller));
    }
    await replay.stop();
    await log.close();
  });
});
