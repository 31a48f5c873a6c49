/** What a field of the original's format does here. */
export type Effect =
  /** Another value gives another plan. */
  | "honoured"
  /** A value that contradicts the rest of the document is an error; any other changes nothing. */
  | "checked"
  /** Any value is an error that says what to use instead. */
  | "refused"
  /** A value that is not used is a warning. */
  | "warning"
  /** Nothing here depends on it. */
  | "no meaning";

/** A value at a place of the base documents, and the other that shows what the field does. */
export interface Change {
  /** Place of the value in the document, such as `spec.algos[0].replicas`. */
  readonly at: string;
  /** What stands there first; default: what the base documents have. */
  readonly before?: unknown;
  readonly after: unknown;
  /** Where the error or warning is said; default `at`. */
  readonly saidAt?: string;
}

/** A field of the original's custom resource definitions, and the proof of what it does. */
export interface CoveredField {
  /** As the definition names it: `[]` stands for every element of a list, `{}` for any key. */
  readonly path: string;
  readonly effect: Effect;
  /** What the value decides, what to use instead, or why nothing depends on it. */
  readonly meaning: string;
  readonly change: Change;
}

/** A field relative to what it belongs to, which may stand at several places. */
export type PartField = CoveredField;

/** A field whose other value gives another plan; it stands at its path, in the first element of each list. */
export function honoured(path: string, meaning: string, after: unknown, before?: unknown): PartField {
  return field("honoured", path, meaning, { at: path, after, before });
}

/** A field that shows its effect only together with what surrounds it. */
export function field(effect: Effect, path: string, meaning: string, change: Change): PartField {
  return { path, effect, meaning, change: { ...change, at: firstOfLists(change.at) } };
}

/**
 * The fields of a part where the part stands.
 *
 * @param path of the part in the definition
 * @param at of the part in the base documents; default the same, in the first element of each list
 */
export function under(
  path: string,
  fields: readonly PartField[],
  at: string = firstOfLists(path),
): readonly PartField[] {
  return fields.map((part) => ({
    ...part,
    path: joined(path, part.path),
    change: { ...part.change, at: joined(at, part.change.at) },
  }));
}

function joined(prefix: string, path: string): string {
  return path === "" ? prefix : `${prefix}.${path}`;
}

function firstOfLists(path: string): string {
  return path.replaceAll("[]", "[0]");
}
