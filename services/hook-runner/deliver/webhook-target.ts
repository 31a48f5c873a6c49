import { setTimeout as sleep } from "node:timers/promises";
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from "cockatiel";
import { errorText, type FetchedMessage, type Logger, type WorkContext } from "@algorun/common";
import type { WebhookConfig } from "../hook-config";
import type { HookMetrics } from "../hook-metrics";
import { judgeAnswer, type Verdict } from "./answer";
import { webhookRequest } from "./webhook-request";

/** How patient a hook is with receivers. */
export interface Patience {
  /** For an answer; Standard Webhooks advises 15 to 30 s. */
  readonly answerMs: number;
  /** How long a message is tried before it goes to the dead letters. */
  readonly giveUpMs: number;
  /** First limit of the random time between attempts; it doubles each time. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
}

/** Why a receiver has not got a message. */
export interface Undelivered {
  readonly webhook: string;
  readonly errorClass: "Gone" | "Status" | "Connection";
  readonly reason: string;
  readonly status: number | undefined;
  readonly attempts: number;
}

type Failed = Extract<Verdict, { kind: "failed" }>;

/** Requests to one receiver at once. */
const parallel = 16;
/** So many failures in a row open the circuit: then one attempt, from time to time, finds out whether it is well again. */
const failuresToOpen = 5;
const halfOpenAfterMs = 2_000;

/** One receiver: what is slow or down is so for itself alone. Messages of a key arrive in their order. */
export class WebhookTarget {
  private readonly breaker = circuitBreaker(handleAll, {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });
  private readonly lanes = new Map<string, Promise<unknown>>();
  private readonly queue: (() => void)[] = [];
  private free = parallel;
  private isGone = false;

  constructor(
    readonly config: WebhookConfig,
    private readonly patience: Patience,
    private readonly metrics: HookMetrics,
    private readonly logger: Logger,
  ) {
    this.breaker.onStateChange((state) => {
      const isOpen = state === CircuitState.Open;
      this.metrics.circuitOpen.set({ webhook: config.name }, isOpen ? 1 : 0);
      this.logger.warn(
        { webhook: config.name, isOpen },
        isOpen ? "receiver is down" : "receiver is asked again",
      );
    });
  }

  /**
   * Sends a message, after those of its key before it.
   *
   * @returns undefined when the receiver has it
   */
  async deliver(message: FetchedMessage, work: WorkContext): Promise<Undelivered | undefined> {
    if (message.key === null) return await this.persist(message, work);
    const lane = `${message.topic} ${message.partition} ${message.key.toString("base64")}`;
    const before = this.lanes.get(lane) ?? Promise.resolve();
    const mine = before.then(
      () => this.persist(message, work),
      () => this.persist(message, work),
    );
    this.lanes.set(lane, mine);
    try {
      return await mine;
    } finally {
      if (this.lanes.get(lane) === mine) this.lanes.delete(lane);
    }
  }

  private async persist(
    message: FetchedMessage,
    { lost, draining }: WorkContext,
  ): Promise<Undelivered | undefined> {
    const { name: webhook } = this.config;
    const { giveUpMs, firstBackoffMs, longestBackoffMs } = this.patience;
    // What is on its way when the program ends may arrive.
    const giveUp = AbortSignal.any([lost, draining]);
    const began = Date.now();
    let last: Failed | undefined;
    for (let attempts = 0; ;) {
      giveUp.throwIfAborted();
      if (this.isGone)
        return {
          webhook,
          errorClass: "Gone",
          reason: "the receiver wants no messages any more",
          status: 410,
          attempts,
        };
      const verdict = await this.attempt(message, lost);
      if (verdict?.kind === "delivered") {
        this.metrics.deliveries.inc({ webhook, status: "delivered" });
        return undefined;
      }
      if (verdict?.kind === "gone") {
        this.isGone = true;
        this.logger.error(
          { webhook },
          "the receiver wants no messages any more (410): they go to the dead letters",
        );
        continue;
      }
      if (verdict !== undefined) {
        attempts += 1;
        last = verdict;
        this.metrics.retries.inc({ webhook });
      }
      const limit = Math.min(firstBackoffMs * 2 ** attempts, longestBackoffMs);
      const waitMs = Math.max(Math.random() * limit, verdict?.waitMs ?? 0);
      if (Date.now() - began + waitMs > giveUpMs) return this.giveUp(last, attempts);
      await sleep(waitMs, undefined, { signal: giveUp });
    }
  }

  private giveUp(last: Failed | undefined, attempts: number): Undelivered {
    const { name: webhook } = this.config;
    this.metrics.deliveries.inc({ webhook, status: "given up" });
    const { reason = "the receiver is down", status } = last ?? {};
    this.logger.error({ webhook, reason, attempts }, "given up; goes to the dead letters");
    return { webhook, errorClass: status === undefined ? "Connection" : "Status", reason, status, attempts };
  }

  /** @returns undefined when the circuit is open: it was no attempt */
  private async attempt(message: FetchedMessage, signal: AbortSignal): Promise<Verdict | undefined> {
    await this.slot();
    try {
      return await this.breaker.execute(async () => {
        const verdict = await this.send(message, signal);
        if (verdict.kind === "failed" && verdict.isReceiverDown) throw new ReceiverDown(verdict);
        return verdict;
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof BrokenCircuitError) return undefined;
      if (error instanceof ReceiverDown) return error.verdict;
      throw error;
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  private async slot(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  private async send(message: FetchedMessage, signal: AbortSignal): Promise<Verdict> {
    const { name: webhook, url, verb } = this.config;
    const stop = this.metrics.attempt.startTimer({ webhook });
    try {
      const { headers, body } = await webhookRequest(this.config, message, Date.now());
      const response = await fetch(url, {
        method: verb,
        headers,
        body: new Uint8Array(body),
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.patience.answerMs)]),
      });
      await response.body?.cancel();
      return judgeAnswer(response.status, response.headers.get("retry-after"), Date.now());
    } catch (error) {
      signal.throwIfAborted();
      return {
        kind: "failed",
        reason: errorText(error),
        status: undefined,
        waitMs: 0,
        isReceiverDown: true,
      };
    } finally {
      stop();
    }
  }
}

/** What the circuit breaker counts. */
class ReceiverDown extends Error {
  constructor(readonly verdict: Failed) {
    super(verdict.reason);
  }
}
