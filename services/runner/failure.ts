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
  /** It can't be started. */
  | "Start"
  /** A parameter that it needs has no value. */
  | "Parameter";

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
