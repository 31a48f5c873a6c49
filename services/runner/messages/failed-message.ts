import {
  encodeHeaders,
  type FetchedMessage,
  type MessageHeaders,
  type OutgoingMessage,
} from "@algorun/common";
import type { RunFailure } from "../failure";
import type { RetryPosition } from "../retry/retry-decision";

/** Most characters of an error's text in a header. */
const textLength = 1_000;

const noRetry = { retryStepIndex: undefined, retryNum: undefined, retryTimestamp: undefined };

/** Why a message is tried again, or given up. */
export interface FailedMessage {
  readonly message: FetchedMessage;
  readonly headers: MessageHeaders;
  readonly component: string;
  readonly failure: RunFailure;
}

/** The message as it waits in a retry topic. */
export function waitingMessage(
  failed: FailedMessage,
  topic: string,
  position: RetryPosition,
  due: number,
): OutgoingMessage {
  return outgoing(failed, topic, {
    retryStepIndex: position.step,
    retryNum: position.attempt,
    retryTimestamp: due,
  });
}

/** The message as it lies with the dead letters: whole, with the reason in headers. */
export function deadLetter(failed: FailedMessage, topic: string): OutgoingMessage {
  return outgoing(failed, topic, {});
}

function outgoing(
  { message, headers, component, failure }: FailedMessage,
  topic: string,
  retry: Pick<MessageHeaders, "retryStepIndex" | "retryNum" | "retryTimestamp">,
): OutgoingMessage {
  const own = (name: string): boolean => name.startsWith("error") || name.startsWith("original");
  // Where it was at first, however often it is tried.
  const isTriedAgain = headers.others.some(([name]) => name === "originalTopic");
  const original = isTriedAgain
    ? headers.others.filter(([name]) => name.startsWith("original"))
    : [
        ["originalTopic", message.topic] as const,
        ["originalPartition", String(message.partition)] as const,
        ["originalOffset", String(message.offset)] as const,
      ];
  const { exitCode, signal, status } = failure.details;
  const reason: readonly (readonly [string, string | undefined])[] = [
    ["errorClass", failure.failure],
    ["errorMessage", failure.message.slice(0, textLength)],
    ["errorComponent", component],
    ["errorExitCode", exitCode?.toString()],
    ["errorSignal", signal],
    ["errorStatus", status?.toString()],
  ];
  const stated = reason.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    topic,
    key: message.key,
    value: message.value ?? Buffer.alloc(0),
    headers: encodeHeaders({
      ...headers,
      ...noRetry,
      ...retry,
      others: [
        ...headers.others.filter(([name]) => !own(name)),
        ...[...original, ...stated].map(([name, value]) => [name, Buffer.from(value)] as const),
      ],
    }),
  };
}
