/** In what way an algo failed with a message. */
export type FailureClass =
  /** It ended with an exit code that is not 0, or by a signal. */
  | "ExitCode"
  /** It answered with a status that is no success. */
  | "Status"
  /** It took longer than it may. */
  | "TimeOut"
  /** It closed the connection, or what it answered is no answer. */
  | "Connection"
  /** What it made is more than a message holds. */
  | "OutputTooLarge"
  /** It did not write the file that it should have. */
  | "OutputMissing"
  /** The message points to an object that is not there, or to none. */
  | "InputMissing"
  /** The message carries, or points to, more than the algo can be given. */
  | "InputTooLarge"
  /** It can't be started. */
  | "Start"
  /** A parameter that it needs has no value. */
  | "Parameter"
  /** Nobody has thought of it. The message is given up like others that fail, since it must not hold its partition. */
  | "Unexpected";

/** A message that an algo can't process. */
export class RunFailure extends Error {
  override readonly name = "RunFailure";

  constructor(
    readonly failure: FailureClass,
    message: string,
    readonly details: { readonly exitCode?: number; readonly signal?: string; readonly status?: number } = {},
  ) {
    super(message);
  }
}

/** Something around the algo fails, such as object storage: no message is to blame, and it is tried until it works. */
export class SurroundingsFailure extends Error {
  override readonly name = "SurroundingsFailure";
}

/** The machine has no room, no memory or no processes left: that passes, or Kubernetes ends the pod. */
const exhausted = new Set(["EAGAIN", "EDQUOT", "EIO", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC"]);

/** Whether what failed is the machine's fault, and no message's. */
export function isExhaustion(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && exhausted.has(error.code)
  );
}

/** Says of any error whose fault it is: one that is neither known nor the machine's is taken for the message's. */
export function failureOf(error: unknown): RunFailure | SurroundingsFailure {
  if (error instanceof RunFailure || error instanceof SurroundingsFailure) return error;
  const text = error instanceof Error ? error.message : String(error);
  return isExhaustion(error)
    ? new SurroundingsFailure(text, { cause: error })
    : new RunFailure("Unexpected", text);
}
