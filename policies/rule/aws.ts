import { Field } from "./field";
import type { Finding } from "./rule";
import { plainValue } from "./value";

/** A property of a resource of AWS, and what it must be. */
export interface Expectation {
  /** Keys that lead to it. */
  readonly path: readonly string[];
  /** Whether the value will do; never asked about a value that is not known yet. */
  readonly isGood: (field: Field) => boolean;
  /** What a bad value means, as the beginning of a sentence. */
  readonly problem: string;
  /** What to write. */
  readonly fix: string;
}

/** Expects `true`; AWS takes an absent switch for false. */
export function isOn(path: readonly string[], problem: string): Expectation {
  const fix = `set ${path.join(".")} to true`;
  return { path, problem, fix, isGood: ({ isTrue }) => isTrue };
}

/** Expects `false`, or nothing. */
export function isOff(path: readonly string[], problem: string): Expectation {
  const fix = `set ${path.join(".")} to false`;
  return { path, problem, fix, isGood: (field) => field.isAbsent || field.isFalse };
}

/** Expects that something is stated. */
export function isStated(path: readonly string[], problem: string, fix: string): Expectation {
  return { path, problem, fix, isGood: (field) => !field.isAbsent && field.text !== "" };
}

/** Finds the properties that are not as expected. */
export function* unmet(fields: Field, expectations: readonly Expectation[]): Iterable<Finding> {
  for (const { path, isGood, problem, fix } of expectations) {
    const field = fields.at(...path);
    if (field.isUnknown || isGood(field)) continue;
    yield { field, found: `${problem} (${path.join(".")} is ${field.shown})`, fix };
  }
}

/** A statement of an IAM policy. */
export interface Statement {
  /** The property that holds the policy. */
  readonly field: Field;
  /** For messages: its Sid, or its number from 1. */
  readonly label: string;
  readonly content: Field;
}

/** The statements of a policy that allow something. A policy is a text of JSON; one that is none has no statements. */
export function allowedBy(field: Field): readonly Statement[] {
  if (field.text === undefined) return [];
  const statement = parseJson(field.text).at("Statement");
  const list = statement.items.length > 0 ? statement.items : [statement];
  return list
    .map((content, index) => ({
      field,
      label: content.at("Sid").text ?? `number ${index + 1}`,
      content,
    }))
    .filter(({ content }) => content.at("Effect").text === "Allow");
}

/** The texts of a field that holds one or a list of them, as policies may write it. */
export function oneOrMore(field: Field): readonly string[] {
  return field.text === undefined ? field.texts : [field.text];
}

function parseJson(text: string): Field {
  try {
    return new Field("", plainValue(JSON.parse(text)));
  } catch {
    return new Field("", undefined);
  }
}
