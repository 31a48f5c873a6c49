import type { FetchedMessage } from "../kafka/fetched-message";
import type { MessageHeaders } from "./message-headers";

/** Most characters of an error's text in a header. */
const longestText = 1_000;

/** Why a message was not processed, or not delivered. What is undefined has no header. */
export interface FailureHeaders {
  /** In what way it failed, such as `Status`. */
  readonly errorClass: string;
  readonly errorMessage: string;
  /** Whose failure it is: an algo of the deployment, or `hook`. */
  readonly errorComponent: string;
  readonly errorExitCode?: number | undefined;
  readonly errorSignal?: string | undefined;
  readonly errorStatus?: number | undefined;
  /** The webhook that has not got it. */
  readonly errorWebhook?: string | undefined;
  /** Requests that were made. */
  readonly errorAttempts?: number | undefined;
}

/**
 * The headers of a message that failed: its own, why it failed now, and where it was at first, however often it is tried.
 * What it failed with before is left out.
 */
export function failedHeaders(
  { topic, partition, offset }: Pick<FetchedMessage, "topic" | "partition" | "offset">,
  headers: MessageHeaders,
  failure: FailureHeaders,
): MessageHeaders {
  const own = headers.others.filter(([name]) => !name.startsWith("error") && !name.startsWith("original"));
  const before = headers.others.filter(([name]) => name.startsWith("original"));
  const original = before.some(([name]) => name === "originalTopic")
    ? before
    : texts({ originalTopic: topic, originalPartition: partition, originalOffset: offset });
  const reason = texts({ ...failure, errorMessage: failure.errorMessage.slice(0, longestText) });
  return { ...headers, others: [...own, ...original, ...reason] };
}

function texts(
  values: Readonly<Record<string, string | number | bigint | undefined>>,
): readonly (readonly [string, Buffer])[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Buffer.from(String(value))] as const],
  );
}
