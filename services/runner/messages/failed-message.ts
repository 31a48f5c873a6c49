import {
  encodeHeaders,
  failedHeaders,
  type FetchedMessage,
  type MessageHeaders,
  type OutgoingMessage,
} from "@algorun/common";
import type { RunFailure } from "../failure";
import type { RetryPosition } from "../retry/retry-decision";

/** Headers that only waiting messages have. */
export const noRetry = {
  retryRun: undefined,
  retryStepIndex: undefined,
  retryNum: undefined,
  retryTimestamp: undefined,
};

/** Why a message is tried again, or given up. */
export interface FailedMessage {
  readonly message: FetchedMessage;
  readonly headers: MessageHeaders;
  readonly component: string;
  readonly failure: RunFailure;
}

/** How a message waits for another attempt. */
export interface WaitingPosition extends RetryPosition {
  /** Name of its run, which it keeps. */
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly due: number;
}

/** The message as it waits in a retry topic. */
export function waitingMessage(
  failed: FailedMessage,
  topic: string,
  { run, step, attempt, due }: WaitingPosition,
): OutgoingMessage {
  return outgoing(failed, topic, {
    retryRun: run,
    retryStepIndex: step,
    retryNum: attempt,
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
  retry: Pick<MessageHeaders, "retryRun" | "retryStepIndex" | "retryNum" | "retryTimestamp">,
): OutgoingMessage {
  const { exitCode, signal, status } = failure.details;
  const reason = {
    errorClass: failure.failure,
    errorMessage: failure.message,
    errorComponent: component,
    errorExitCode: exitCode,
    errorSignal: signal,
    errorStatus: status,
  };
  return {
    topic,
    key: message.key,
    value: message.value ?? Buffer.alloc(0),
    headers: encodeHeaders({ ...failedHeaders(message, headers, reason), ...noRetry, ...retry }),
  };
}
