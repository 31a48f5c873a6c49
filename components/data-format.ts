import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What has written a system's volumes. */
export interface DataFormat {
  /** The program, such as `postgresql`. */
  readonly program: string;
  /** The image's tag. */
  readonly version: string;
}

/** Why a program must not get volumes that another one, or another version, has written; undefined: it may. */
export type FormatRule = (before: DataFormat, now: DataFormat) => string | undefined;

const stashInputs = z.object({ input: z.object({ program: z.string(), version: z.string() }) });

/**
 * A hook that compares what is to run with what the stack has run, in previews too. An exception in it fails the
 * operation, before anything is changed. A program can't read its own former inputs in another way; policies see only
 * the new ones.
 *
 * @param record - logical name of the stash, which is unique in a program
 * @param place - config key that names the version
 */
export function formatGuard(record: string, place: string, rule: FormatRule): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${record}-fits`,
    ({ oldInputs, newInputs }) => {
      refuseFormat({ oldInputs, newInputs }, record, place, rule);
    },
    { onDryRun: true },
  );
}

/**
 * Fails when volumes would get a program that can't read them.
 *
 * @throws Error with the reason and the way
 */
export function refuseFormat(
  { oldInputs, newInputs }: Pick<pulumi.ResourceHookArgs, "oldInputs" | "newInputs">,
  record: string,
  place: string,
  rule: FormatRule,
): void {
  const before = stashInputs.parse(oldInputs).input;
  const now = stashInputs.parse(newInputs).input;
  const reason = rule(before, now);
  if (reason === undefined) return;
  const name = ({ program, version }: DataFormat): string => `${program} ${version}`;
  throw new Error(
    `${place}: found ${name(now)}, where the volumes were written by ${name(before)}: ${reason}. ` +
      `Nothing was changed; docs/operations.md, Upgrades, has the way. ` +
      `When the volumes are ready: pulumi up --replace with the URN of ${record}`,
  );
}

/** The first numbers of a version: `18.4` and `v18.4.1-alpine` are 18 and 4; undefined where it has none. */
function numbersOf(version: string): readonly [major: number, minor: number] | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? /^v?(\d+)(?:[-]|$)/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor ?? 0)];
}

/** Databases read nothing but what the same program of the same line has written. */
export const sqlFormat: FormatRule = (before, now) => {
  if (before.program !== now.program) return `one database can't read what another one has written`;
  const [old, next] = [numbersOf(before.version), numbersOf(now.version)];
  if (old === undefined || next === undefined) return undefined;
  if (now.program === "postgresql")
    return old[0] === next[0]
      ? undefined
      : "each major version has a folder of its own, and this one would begin with an empty database";
  const sameLine = old[0] === next[0] && old[1] === next[1];
  return sameLine ? undefined : "its own tables must be brought from one line to the next";
};

/** Kafka reads what an older version has written, of this or the last major version, and never what a newer one has. */
export const kafkaFormat: FormatRule = (before, now) => {
  const [old, next] = [numbersOf(before.version), numbersOf(now.version)];
  if (old === undefined || next === undefined) return undefined;
  if (next[0] < old[0] || (next[0] === old[0] && next[1] < old[1]))
    return "an older Kafka may not know the metadata version that is in force";
  if (next[0] > old[0] + 1) return "a major version was left out, and its release notes with it";
  return undefined;
};
