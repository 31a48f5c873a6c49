import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { createLogger, createMetrics, type FetchedMessage } from "@algorun/common";
import type { Execution } from "../execute/executor";
import { RunnerMetrics } from "../monitoring/runner-metrics";
import { Runner } from "../runner";
import { runnerConfigSchema } from "../runner-config";

const config = runnerConfigSchema.parse({
  deployment: { owner: "acme", name: "shout" },
  pipeline: { owner: "acme", name: "shout" },
  algo: { owner: "acme", name: "upper", version: "1.0", index: 1 },
  executor: "http",
  entrypoint: [],
  transactionalIdPrefix: "t.",
  timeoutSeconds: 10,
  deadLetterTopic: "dead-letters",
  parameters: [],
  inputs: [{ name: "Text", delivery: "Http", contentTypes: [], topics: ["texts"] }],
  outputs: [],
});
const logger = createLogger({ deployment: "", pipeline: "", component: "test", instance: "" });
logger.level = "silent";

function runnerOf(execute: (execution: Execution) => Promise<void>): Runner {
  const executor = {
    ready: () => Promise.resolve(),
    execute: async (execution: Execution) => {
      await execute(execution);
      return [];
    },
  };
  const folders = { input: join(tmpdir(), "none"), output: join(tmpdir(), "none") };
  return new Runner({
    config,
    component: "upper",
    executor,
    storage: undefined,
    folders,
    metrics: new RunnerMetrics(createMetrics({})),
    tracer: trace.getTracer("test"),
    logger,
  });
}

function message(partition: number): FetchedMessage {
  const value = Buffer.from(String(partition));
  return { topic: "texts", partition, offset: 0n, timestamp: 0n, key: null, value, headers: [] };
}

describe("A runner that is told to end", () => {
  it("ends the runs that it has begun, and begins none", async () => {
    const draining = new AbortController();
    const begun: (() => void)[] = [];
    const runner = runnerOf(() => new Promise<void>((resolve) => begun.push(resolve)));
    const work = { lost: new AbortController().signal, giveUp: draining.signal };
    const runs = Promise.allSettled(
      Array.from({ length: 40 }, (_, partition) => runner.work(message(partition), work)),
    );
    await new Promise(setImmediate);
    const before = begun.length;
    draining.abort();
    for (let ended = 0; ended < begun.length; ended += 1) {
      begun[ended]?.();
      await new Promise(setImmediate);
    }
    const outcomes = await runs;
    assert.ok(before > 0 && before < 40, "some wait for others");
    assert.equal(begun.length, before);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, before);
  });
});
