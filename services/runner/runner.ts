import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SpanKind, SpanStatusCode, trace, type Tracer } from "@opentelemetry/api";
import {
  bytesOf,
  contextOfHeaders,
  decodeHeaders,
  Slots,
  traceHeaders,
  type FetchedMessage,
  type Logger,
  type MessageHeaders,
  type ObjectStorage,
  type WorkContext,
  type Written,
} from "@algorun/common";
import type { Executor } from "./execute/executor";
import { resolveParameters } from "./execute/parameters";
import { RunFolders, type FolderRoots } from "./execute/run-folders";
import { failureOf, RunFailure, SurroundingsFailure } from "./failure";
import { deadLetter, waitingMessage } from "./messages/failed-message";
import { resultMessages, type Result } from "./messages/outgoing-results";
import { payloadOf } from "./messages/payload";
import { standIn } from "./messages/stand-in";
import { runMetadata } from "./messages/run-metadata";
import { runOf } from "./messages/run-name";
import type { RunnerMetrics } from "./monitoring/runner-metrics";
import { decideRetry, type RetryPosition } from "./retry/retry-decision";
import { messageSources, type MessageSource } from "./retry/message-sources";
import type { RunnerConfig } from "./runner-config";

/** What a runner works with. */
export interface RunnerContext {
  readonly config: RunnerConfig;
  /** Name of the algo in the deployment. */
  readonly component: string;
  readonly executor: Executor;
  readonly storage: ObjectStorage | undefined;
  readonly folders: FolderRoots;
  readonly metrics: RunnerMetrics;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** Runs of a server at once: partitions side by side. A program gets no more than there are cores. */
const serverRuns = 16;
/** Without dead letters, a message that fails holds its partition; the longest time between attempts. */
const longestHoldMs = 300_000;

/** Takes messages through the algo, and says what is to be written for each: results, a retry, or a dead letter. */
export class Runner {
  private readonly sources: ReadonlyMap<string, MessageSource>;
  private readonly slots: Slots;

  constructor(private readonly context: RunnerContext) {
    const { config } = context;
    this.sources = messageSources(config);
    this.slots = new Slots(config.executor === "Executable" ? availableParallelism() : serverRuns);
  }

  /** Topics that are read. */
  get topics(): readonly string[] {
    return [...this.sources.keys()].sort();
  }

  /** @returns what is written, together with the message's position */
  async work(message: FetchedMessage, { lost, giveUp }: WorkContext): Promise<Written> {
    const headers = decodeHeaders(message.headers);
    const source = this.sources.get(message.topic);
    if (source === undefined) throw new Error(`nothing is known of the topic ${message.topic}`);
    let position = source.isRetryTopic ? await untilDue(headers, giveUp) : undefined;
    for (let failures = 0; ; failures += 1) {
      const outcome = await this.attempt(message, headers, source, { lost, giveUp });
      if (!(outcome instanceof RunFailure)) return outcome;
      const held = this.afterFailure(message, headers, source, position, outcome, failures);
      if ("written" in held) return held.written;
      position = held.position;
      await sleep(held.backoffMs, undefined, { signal: giveUp });
    }
  }

  /** What stands in for what Kafka does not take; undefined: nothing does. */
  refused(message: FetchedMessage, written: Written, error: unknown): Written | undefined {
    const { component, metrics } = this.context;
    const deadLetterTopic = this.deadLettersOf(message);
    if (deadLetterTopic === undefined) return undefined;
    const isRetryTopic = (topic: string): boolean => this.sources.get(topic)?.isRetryTopic === true;
    const instead = standIn({ message, written, error, component, deadLetterTopic, isRetryTopic });
    if (written.every(({ topic }) => topic !== deadLetterTopic)) metrics.deadLetters.inc();
    return instead && [instead];
  }

  private deadLettersOf({ topic }: FetchedMessage): string | undefined {
    return this.sources.get(topic)?.retry?.deadLetterTopic ?? this.context.config.deadLetterTopic;
  }

  private afterFailure(
    message: FetchedMessage,
    headers: MessageHeaders,
    source: MessageSource,
    position: RetryPosition | undefined,
    failure: RunFailure,
    failures: number,
  ): { written: Written } | { position: RetryPosition | undefined; backoffMs: number } {
    const { component, metrics, logger } = this.context;
    const { retry } = source;
    const deadLetterTopic = this.deadLettersOf(message);
    const at = { topic: message.topic, partition: message.partition, offset: String(message.offset) };
    const told = { ...at, class: failure.failure, reason: failure.message, traceID: headers.traceID };
    if (deadLetterTopic === undefined) {
      const backoffMs = Math.min(1000 * 2 ** failures, longestHoldMs);
      logger.error(
        { ...told, backoffMs },
        "failed; there are no dead letters, so it is held and tried again",
      );
      return { position: undefined, backoffMs };
    }
    const decision = decideRetry(retry ?? { steps: [], strategy: "Simple", deadLetterTopic }, position);
    const failed = { message, headers, component, failure };
    const run = runOf(component, message, headers, source);
    if (decision.kind === "deadLetter") {
      metrics.deadLetters.inc();
      logger.error({ ...told, to: decision.topic }, "failed; goes to the dead letters");
      return { written: [deadLetter(failed, decision.topic)] };
    }
    const { position: next, backoffMs, topic } = decision;
    metrics.retry.inc({ step: String(next.step), repeat: String(next.attempt) });
    logger.warn({ ...told, step: next.step, attempt: next.attempt, backoffMs }, "failed; is tried again");
    if (topic === undefined) return { position: next, backoffMs };
    return { written: [waitingMessage(failed, topic, { ...next, run, due: Date.now() + backoffMs })] };
  }

  /** One attempt; what fails around the algo is tried until it works, since no message is to blame. */
  private async attempt(
    message: FetchedMessage,
    headers: MessageHeaders,
    source: MessageSource,
    { lost, giveUp }: WorkContext,
  ): Promise<Written | RunFailure> {
    const { metrics, logger } = this.context;
    for (let failures = 0; ; failures += 1) {
      const outcome = await this.slots.run(giveUp, () => this.tryOnce(message, headers, source, lost));
      if (!(outcome instanceof SurroundingsFailure)) return outcome;
      metrics.runnerError.inc();
      logger.warn({ reason: outcome.message }, "waits for what is around the algo");
      await sleep(Math.min(200 * 2 ** failures, 10_000), undefined, { signal: giveUp });
    }
  }

  private async tryOnce(
    message: FetchedMessage,
    headers: MessageHeaders,
    source: MessageSource,
    lost: AbortSignal,
  ): Promise<Written | RunFailure | SurroundingsFailure> {
    const { metrics, logger } = this.context;
    try {
      return await this.runOnce(message, headers, source, lost);
    } catch (error) {
      lost.throwIfAborted();
      const failure = failureOf(error);
      if (failure instanceof SurroundingsFailure) return failure;
      if (failure !== error) logger.error({ err: error }, "failed in a way that nobody has thought of");
      metrics.algoError.inc();
      return failure;
    }
  }

  private async runOnce(
    message: FetchedMessage,
    headers: MessageHeaders,
    source: MessageSource,
    signal: AbortSignal,
  ): Promise<Written> {
    const { component, folders: roots, metrics, tracer } = this.context;
    const run = runOf(component, message, headers, source);
    const folders = new RunFolders(roots, run);
    const parent = contextOfHeaders(headers);
    const attributes = {
      "messaging.system": "kafka",
      "messaging.destination.name": message.topic,
      "algorun.run": run,
    };
    const span = tracer.startSpan(`${component} run`, { kind: SpanKind.CONSUMER, attributes }, parent);
    const stop = metrics.run.startTimer();
    try {
      const traced = traceHeaders(trace.setSpan(parent, span));
      const results = await this.execute(message, headers, source, { run, folders, signal, trace: traced });
      stop({ status: "success" });
      return results.map((result) => result.message);
    } catch (error) {
      stop({ status: "failure" });
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : "" });
      throw error;
    } finally {
      span.end();
      await folders.remove();
    }
  }

  private async execute(
    message: FetchedMessage,
    headers: MessageHeaders,
    { input }: MessageSource,
    run: { run: string; folders: RunFolders; signal: AbortSignal; trace: ReturnType<typeof traceHeaders> },
  ): Promise<readonly Result[]> {
    const { config, component, executor, storage, metrics } = this.context;
    const payload = payloadOf(message.value, headers, storage);
    metrics.messageInput.inc({ input: input.name }, bytesOf(message));
    metrics.dataInput.inc({ input: input.name }, payload.size ?? 0);
    const stop = metrics.algo.startTimer();
    const produced = await executor.execute({
      input,
      payload,
      parameters: resolveParameters(config.parameters, headers.endpointParams),
      folders: run.folders,
      metadata: runMetadata(headers, run.run, run.trace),
      signal: run.signal,
    });
    stop();
    const results = await resultMessages(produced, { ...run, component, key: message.key, headers, storage });
    for (const { output, message: made, dataBytes } of results) {
      metrics.messageOutput.inc({ output }, made.value.length);
      metrics.dataOutput.inc({ output }, dataBytes);
    }
    return results;
  }
}

/** Waits until a message in a retry topic is due; only its own partition waits with it. */
async function untilDue(
  { retryStepIndex, retryNum = 1, retryTimestamp = 0 }: MessageHeaders,
  signal: AbortSignal,
): Promise<RetryPosition | undefined> {
  const ms = retryTimestamp - Date.now();
  if (ms > 0) await sleep(ms, undefined, { signal });
  return retryStepIndex === undefined ? undefined : { step: retryStepIndex, attempt: retryNum };
}
