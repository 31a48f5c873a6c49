import assert from "node:assert/strict";
import { createLogger } from "@algorun/common";
import { ResponseError } from "@platformatic/kafka";
import { producerParams } from "../configuration/producer-params";
import { BatchRequests, type BatchProducer } from "../delivery/batch-requests";
import { deferred } from "../delivery/deferred";
import type { PipelineMessage } from "../delivery/pipeline-message";

const produceKey = 0;
const unknownTopic = 3;

/** Brokers of which 1 leads every partition but the last one of each topic, which 2 leads. */
class TestProducer implements BatchProducer {
  /** Requests that Kafka was sent, each as its messages' values. */
  readonly requests: string[] = [];
  /** Answers to a request by its messages' values; without one, it is taken. */
  answer: (values: readonly string[]) => Promise<void> = () => Promise.resolve();
  currentMetadata: BatchProducer["currentMetadata"];

  constructor(...topics: readonly string[]) {
    const led = { leaderEpoch: 0, replicas: [1, 2], isr: [1, 2], offlineReplicas: [] };
    const partitions = [1, 1, 2].map((leader) => ({ ...led, leader }));
    const known = topics.map((id) => [id, { id, partitions, partitionsCount: 3, lastUpdate: 0 }] as const);
    this.currentMetadata = { topics: new Map(known) };
  }

  clearMetadata(): void {
    // It stays as it is.
  }

  async send({ messages }: Parameters<BatchProducer["send"]>[0]): Promise<void> {
    const values = messages.map(({ value }) => String(value));
    this.requests.push(values.join(" "));
    await this.answer(values);
  }

  initIdempotentProducer(): Promise<void> {
    return Promise.resolve();
  }
}

function requestsOf(producer: BatchProducer, settings: Readonly<Record<string, string>> = {}): BatchRequests {
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  logger.level = "silent";
  const observer = { succeeded: () => undefined, failed: () => undefined, refused: () => undefined };
  return new BatchRequests(producer, producerParams.parse(settings), observer, logger);
}

function message(topic: string, value: string): PipelineMessage {
  return { topic, key: Buffer.from("key"), headers: new Map(), value: Buffer.from(value), timestamp: 0 };
}

describe("Requests to Kafka", () => {
  it("take along, for each broker, what has come while it had another", async () => {
    const producer = new TestProducer("a", "b");
    const answered = deferred();
    producer.answer = () => answered.promise;
    const requests = requestsOf(producer);
    const first = requests.sendBatch([message("a", "1")], 0);
    await new Promise((resolve) => setImmediate(resolve));
    const others = [
      requests.sendBatch([message("a", "2"), message("a", "3")], 1),
      requests.sendBatch([message("b", "4")], 0),
      requests.sendBatch([message("b", "5")], 2),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(producer.requests, ["1", "5"]);
    answered.resolve();
    assert.deepEqual(await Promise.all([first, ...others]), ["sent", "sent", "sent", "sent"]);
    assert.deepEqual(producer.requests, ["1", "5", "2 3 4"]);
  });

  it("send each batch by itself after an error: that of one keeps no other from Kafka", async () => {
    const producer = new TestProducer("good", "gone");
    producer.answer = (values) => {
      if (!values.includes("bad")) return Promise.resolve();
      const errors = { "/responses/0": [unknownTopic, null] } satisfies Record<string, [number, null]>;
      return Promise.reject(new ResponseError(produceKey, 9, errors, {}));
    };
    const requests = requestsOf(producer);
    const sent = [
      requests.sendBatch([message("good", "one")], 0),
      requests.sendBatch([message("gone", "bad")], 1),
    ];
    assert.deepEqual(await Promise.all(sent), ["sent", "failed"]);
    assert.deepEqual(producer.requests, ["one bad", "one", "bad"]);
    assert.ok(requests.refuses("gone") && !requests.refuses("good"));
  });

  it("send nothing again of which the library knows that Kafka has it: its sequence would be another one", async () => {
    const producer = new TestProducer("a");
    producer.answer = (values) =>
      values.length === 1
        ? Promise.resolve()
        : Promise.reject(
            Object.assign(new Error("half"), { produced: { offsets: [{ topic: "a", partition: 0 }] } }),
          );
    const requests = requestsOf(producer);
    const sent = [0, 1].map((partition) => requests.sendBatch([message("a", String(partition))], partition));
    assert.deepEqual(await Promise.all(sent), ["sent", "sent"]);
    assert.deepEqual(producer.requests, ["0 1", "1"]);
  });

  it("have one batch each where Kafka would not know a repetition", async () => {
    const producer = new TestProducer("a");
    const requests = requestsOf(producer, { "enable.idempotence": "false" });
    await Promise.all([0, 1].map((partition) => requests.sendBatch([message("a", "m")], partition)));
    assert.deepEqual(producer.requests, ["m", "m"]);
  });
});
