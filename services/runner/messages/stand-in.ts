import {
  decodeHeaders,
  encodeHeaders,
  errorText,
  smallerDeadLetter,
  type FetchedMessage,
  type OutgoingMessage,
} from "@algorun/common";
import { RunFailure } from "../failure";
import { deadLetter, noRetry } from "./failed-message";

/** What Kafka did not take, and where what stands in for it goes. */
export interface RefusedResult {
  readonly message: FetchedMessage;
  readonly written: readonly OutgoingMessage[];
  readonly error: unknown;
  readonly component: string;
  readonly deadLetterTopic: string;
  readonly isRetryTopic: (topic: string) => boolean;
}

/**
 * What stands in for what Kafka does not take: results, and a message that should have waited, become a dead letter; a
 * dead letter becomes a smaller one, with the same reason.
 *
 * @returns undefined when it can't be smaller
 */
export function standIn({
  message,
  written,
  error,
  component,
  deadLetterTopic,
  isRetryTopic,
}: RefusedResult): OutgoingMessage | undefined {
  const [only, ...others] = written;
  if (only !== undefined && others.length === 0) {
    if (only.topic === deadLetterTopic) return smallerDeadLetter(only);
    if (isRetryTopic(only.topic)) {
      const headers = encodeHeaders({ ...decodeHeaders(only.headers), ...noRetry });
      return { ...only, topic: deadLetterTopic, headers };
    }
  }
  const failure = new RunFailure("OutputTooLarge", errorText(error));
  const headers = decodeHeaders(message.headers);
  return deadLetter({ message, headers, component, failure }, deadLetterTopic);
}
