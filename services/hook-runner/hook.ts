import {
  decodeHeaders,
  encodeHeaders,
  failedHeaders,
  smallerDeadLetter,
  type FailureHeaders,
  type FetchedMessage,
  type OutgoingMessage,
  type WorkContext,
  type Written,
} from "@algorun/common";
import type { Undelivered, WebhookTarget } from "./deliver/webhook-target";

/** Sends messages to all webhooks of their topic, each of which gets them at its own pace. */
export class Hook {
  constructor(
    private readonly targets: readonly WebhookTarget[],
    private readonly deadLetterTopic: string,
  ) {}

  /** @returns dead letters, one for each webhook that has not got the message */
  async work(message: FetchedMessage, work: WorkContext): Promise<Written> {
    const targets = this.targets.filter(({ config }) => config.topics.includes(message.topic));
    const outcomes = await Promise.allSettled(targets.map((target) => target.deliver(message, work)));
    // Thrown only now: what is on its way to the others has arrived, or not.
    const thrown = outcomes.find((outcome) => outcome.status === "rejected");
    if (thrown !== undefined) throw thrown.reason;
    return outcomes.flatMap((outcome) =>
      outcome.status === "rejected" || outcome.value === undefined
        ? []
        : [this.deadLetter(message, headersOf(outcome.value))],
    );
  }

  /** Smaller dead letters, for a topic that does not take them; undefined: they can't be smaller. */
  refused(letters: Written): Written | undefined {
    const smaller = letters.map((letter) => smallerDeadLetter(letter));
    if (smaller.every((letter) => letter === undefined)) return undefined;
    return letters.map((letter, index) => smaller[index] ?? letter);
  }

  private deadLetter(message: FetchedMessage, failure: FailureHeaders): OutgoingMessage {
    return {
      topic: this.deadLetterTopic,
      key: message.key,
      value: message.value ?? Buffer.alloc(0),
      headers: encodeHeaders(failedHeaders(message, decodeHeaders(message.headers), failure)),
    };
  }
}

function headersOf({ webhook, errorClass, reason, status, attempts }: Undelivered): FailureHeaders {
  return {
    errorClass,
    errorMessage: reason,
    errorComponent: "hook",
    errorStatus: status,
    errorWebhook: webhook,
    errorAttempts: attempts,
  };
}
