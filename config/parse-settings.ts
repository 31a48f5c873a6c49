import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { didYouMean } from "../pipelines/model/document/nearest-name";
import { formatPath, type PathStep } from "../pipelines/model/document/problem";
import { explain, valueAt } from "../pipelines/model/document/validate";
import { knownKeysAt } from "./known-keys";
import { secretKeys } from "./secret-keys";
import { settingsSchema, type Settings } from "./settings-schema";

/** The values of a stack's config, by key without the project's prefix. */
export type ConfigValues = Readonly<Record<string, unknown>>;

/**
 * Checks the values of all keys that are no secret, each by itself.
 *
 * @throws pulumi.RunError with one line for each mistake: the key, what was found, what was expected, and the nearest
 *   valid name
 */
export function parseSettings(values: ConfigValues): Settings {
  const parsed = settingsSchema.safeParse(withoutEmpty(values));
  if (parsed.success) return parsed.data;
  throw settingsError(parsed.error.issues.flatMap((issue) => describeIssue(issue, values)));
}

/** What a user reads who has made mistakes in a stack's config. */
export function settingsError(mistakes: readonly string[]): pulumi.RunError {
  const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
  return new pulumi.RunError(
    [`The stack's config has ${count}:`, ...mistakes.map((mistake) => `  ${mistake}`)].join("\n"),
  );
}

/** `Pulumi.yaml` can't declare a key without a default: an optional one has an empty one. */
function withoutEmpty(values: ConfigValues): ConfigValues {
  const optional = new Set<string>(optionalKeys());
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => !(optional.has(key) && isEmpty(value))),
  );
}

/** Keys without which a stack is complete, and which have no default. */
export function optionalKeys(): readonly string[] {
  const { shape } = settingsSchema;
  return Object.entries(shape).flatMap(([key, schema]) =>
    schema.safeParse(undefined).data === undefined ? [key] : [],
  );
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

function describeIssue(issue: z.core.$ZodIssue, values: ConfigValues): readonly string[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code !== "unrecognized_keys")
    return [`${keyName(path)}: ${explain(issue, valueAt(values, path))}`];
  const known = knownKeysAt(settingsSchema, path);
  const candidates = path.length === 0 ? [...known, ...Object.keys(secretKeys)] : known;
  return issue.keys.map((key) => {
    const hint = didYouMean(key, candidates) || `, expected one of ${candidates.join(", ")}`;
    return `${keyName([...path, key])}: no such key${hint}`;
  });
}

/** A key as `pulumi config set --path` takes it. */
function keyName(path: readonly PathStep[]): string {
  return `algorun:${formatPath(path)}`;
}
