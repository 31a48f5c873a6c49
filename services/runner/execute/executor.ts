import type { InputConfig, OutputConfig } from "../runner-config";
import type { ResolvedParameter } from "./parameters";
import type { RunFolders } from "./run-folders";
import type { Payload } from "../messages/payload";

/** One message on its way through the algo. */
export interface Execution {
  readonly input: InputConfig;
  readonly payload: Payload;
  readonly parameters: readonly ResolvedParameter[];
  readonly folders: RunFolders;
  /** What the algo may want to know of the message, by names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The result counts no more. */
  readonly signal: AbortSignal;
}

/** Something that the algo has made. */
export interface Produced {
  readonly output: OutputConfig;
  readonly content: { readonly bytes: Buffer } | { readonly file: string };
  /** As the algo says; undefined: as the document says. */
  readonly contentType?: string | undefined;
  readonly fileName?: string | undefined;
}

/** Gives a message to the algo, and returns what it makes. */
export interface Executor {
  /** Returns when the algo can take messages. */
  ready(signal: AbortSignal): Promise<void>;
  /** @throws RunFailure when the algo fails; SurroundingsFailure when it isn't there */
  execute(execution: Execution): Promise<readonly Produced[]>;
}
