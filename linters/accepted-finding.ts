import type { LinterName } from "./finding";

/** Findings that stay, and why. */
export interface AcceptedFinding {
  readonly linter: LinterName;
  /** Identifier of the check. */
  readonly check: string;
  /**
   * The objects that it may be found on, as findings name them: `Deployment algorun/grafana`. A `*` stands for any text
   * without a space or a slash. Each must match something, or the list has become untrue.
   */
  readonly objects: readonly string[];
  /** Names of the containers that it may be found on; `*` as above. @default any, or none */
  readonly containers?: readonly string[];
  /** Why it is right as it is: a sentence or two, for the table in the documentation. */
  readonly reason: string;
}
