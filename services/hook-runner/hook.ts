import {
  decodeHeaders,
  encodeHeaders,
  type FetchedMessage,
  type OutgoingMessage,
  type WorkContext,
} from "@algorun/common";
import type { Undelivered, WebhookTarget } from "./deliver/webhook-target";

const textLength = 1_000;

/** Sends messages to all webhooks of their topic, each of which gets them at its own pace. */
export class Hook {
  constructor(
    private readonly targets: readonly WebhookTarget[],
    private readonly deadLetterTopic: string,
  ) {}

  /** @returns dead letters, one for each webhook that has not got the message */
  async work(message: FetchedMessage, work: WorkContext): Promise<readonly OutgoingMessage[]> {
    const targets = this.targets.filter(({ config }) => config.topics.includes(message.topic));
    const outcomes = await Promise.all(targets.map((target) => target.deliver(message, work)));
    return outcomes.flatMap((outcome) => (outcome === undefined ? [] : [this.deadLetter(message, outcome)]));
  }

  /** A dead letter that Kafka takes whatever the message is: where it is. */
  refused(message: FetchedMessage, reason: string): readonly OutgoingMessage[] {
    const outcome = { webhook: "", errorClass: "Status", reason, status: undefined, attempts: 0 } as const;
    return [{ ...this.deadLetter({ ...message, headers: [] }, outcome), value: Buffer.alloc(0) }];
  }

  private deadLetter(
    message: FetchedMessage,
    { webhook, errorClass, reason, status, attempts }: Undelivered,
  ): OutgoingMessage {
    const headers = decodeHeaders(message.headers);
    const added: readonly (readonly [string, string])[] = [
      ["errorClass", errorClass],
      ["errorMessage", reason.slice(0, textLength)],
      ["errorComponent", "hook"],
      ["errorWebhook", webhook],
      ["errorAttempts", String(attempts)],
      ...(status === undefined ? [] : [["errorStatus", String(status)] as const]),
      ["originalTopic", message.topic],
      ["originalPartition", String(message.partition)],
      ["originalOffset", String(message.offset)],
    ];
    return {
      topic: this.deadLetterTopic,
      key: message.key,
      value: message.value ?? Buffer.alloc(0),
      headers: encodeHeaders({
        ...headers,
        others: [...headers.others, ...added.map(([name, value]) => [name, Buffer.from(value)] as const)],
      }),
    };
  }
}
