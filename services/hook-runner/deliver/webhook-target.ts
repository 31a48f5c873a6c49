import { setTimeout as sleep } from "node:timers/promises";
import type { Tracer } from "@opentelemetry/api";
import type { FetchedMessage, Logger, WorkContext } from "@algorun/common";
import type { WebhookConfig } from "../hook-config";
import type { HookMetrics } from "../hook-metrics";
import type { FailedAttempt, Verdict } from "./answer";
import { pauseAfter, type Patience } from "./patience";
import { WebhookCircuit, type HeldAttempt } from "./webhook-circuit";
import { WebhookSender } from "./webhook-sender";

/** Why a receiver has not got a message. */
export interface Undelivered {
  readonly webhook: string;
  readonly errorClass: FailedAttempt["errorClass"] | "Gone";
  readonly reason: string;
  readonly status?: number | undefined;
  /** Requests that were made. */
  readonly attempts: number;
}

/** What deliveries are told to. */
export interface WebhookObserver {
  readonly metrics: HookMetrics;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** One receiver: what is slow or down is so for itself alone. Messages of a key arrive in their order. */
export class WebhookTarget {
  private readonly circuit: WebhookCircuit;
  private readonly sender: WebhookSender;
  private readonly lanes = new Map<string, Promise<unknown>>();
  private isGone = false;

  constructor(
    readonly config: WebhookConfig,
    private readonly patience: Patience,
    private readonly observer: WebhookObserver,
  ) {
    const { metrics, tracer, logger } = observer;
    const { name: webhook } = config;
    metrics.circuitOpen.set({ webhook }, 0);
    this.circuit = new WebhookCircuit(patience.halfOpenMs, (isOpen, failure) => {
      metrics.circuitOpen.set({ webhook }, isOpen ? 1 : 0);
      if (isOpen) logger.warn({ webhook, reason: failure?.reason }, "receiver is down");
      else logger.info({ webhook }, "receiver is well again");
    });
    this.sender = new WebhookSender(config, patience.answerMs, metrics, tracer);
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
    { lost, giveUp }: WorkContext,
  ): Promise<Undelivered | undefined> {
    const { name: webhook } = this.config;
    const { giveUpMs } = this.patience;
    // What is on its way when the program ends may arrive; what waits gives up.
    const began = performance.now();
    let failure: FailedAttempt | undefined;
    for (let attempts = 0; ;) {
      giveUp.throwIfAborted();
      if (this.isGone) return this.gone(attempts);
      const outcome = await this.circuit.attempt(giveUp, () => this.sender.send(message, lost));
      if (outcome.kind === "delivered") {
        this.observer.metrics.deliveries.inc({ webhook, status: "delivered" });
        return undefined;
      }
      if (outcome.kind !== "held") attempts += 1;
      if (outcome.kind === "gone") {
        this.becomeGone();
        return this.gone(attempts);
      }
      failure = failureOf(outcome) ?? failure;
      if (outcome.kind === "failed") this.failed(outcome, attempts);
      const waitMs = this.waitOf(outcome, attempts);
      if (performance.now() - began + waitMs > giveUpMs) return this.giveUp(failure, attempts);
      await sleep(waitMs, undefined, { signal: giveUp });
    }
  }

  private waitOf(outcome: FailedAttempt | HeldAttempt, attempts: number): number {
    if (outcome.kind === "held") return outcome.waitMs;
    return Math.max(pauseAfter(attempts, this.patience), outcome.waitMs);
  }

  private failed({ reason, errorClass }: FailedAttempt, attempts: number): void {
    const { name: webhook } = this.config;
    this.observer.metrics.retries.inc({ webhook });
    const told = { webhook, reason, attempts };
    // A secret is for people to mend; a receiver that is down is told of once, by its circuit.
    if (errorClass === "Secret") this.observer.logger.error(told, "a secret can't be read");
    else this.observer.logger.debug(told, "an attempt failed");
  }

  private becomeGone(): void {
    if (this.isGone) return;
    this.isGone = true;
    const { name: webhook } = this.config;
    this.observer.logger.error(
      { webhook },
      "the receiver wants no messages any more (410): they go to the dead letters",
    );
  }

  private gone(attempts: number): Undelivered {
    const { name: webhook } = this.config;
    this.observer.metrics.deliveries.inc({ webhook, status: "gone" });
    const reason = "the receiver wants no messages any more";
    return { webhook, errorClass: "Gone", reason, status: 410, attempts };
  }

  private giveUp(failure: FailedAttempt | undefined, attempts: number): Undelivered {
    const { name: webhook } = this.config;
    this.observer.metrics.deliveries.inc({ webhook, status: "given up" });
    const { errorClass = "Connection", reason = "the receiver is down", status } = failure ?? {};
    this.observer.logger.error({ webhook, reason, attempts }, "given up; goes to the dead letters");
    return { webhook, errorClass, reason, status, attempts };
  }
}

function failureOf(outcome: Verdict | HeldAttempt): FailedAttempt | undefined {
  if (outcome.kind === "failed") return outcome;
  return outcome.kind === "held" ? outcome.since : undefined;
}
