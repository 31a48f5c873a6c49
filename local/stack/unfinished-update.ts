import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { secretMark } from "../../render/secret-marks";
import { writePrivate } from "../files";
import { recordAtEnd, type PulumiStack, type Stack } from "./stack";
import { stateFile } from "./state-file";
import { resourceSchema, type StateResource } from "./stack-state";

/**
 * Runs an update whose state is written at its end only, see {@link recordAtEnd}. Its events are written as they happen,
 * and removed when the state is there: where they stay, the update was killed, and only they tell what it did.
 *
 * @param run - runs Pulumi with these variables, and has it write its events to this file
 * @returns what `run` returns
 */
export async function recordedAtEnd<Result>(
  stack: Stack,
  run: (variables: Readonly<Record<string, string>>, events: string) => Promise<Result>,
): Promise<Result> {
  const events = eventsOf(stack);
  writePrivate(events, "");
  const begun = statSync(events).mtimeMs;
  const result = await run(recordAtEnd, events);
  const state = stateFile(stack);
  if (state !== undefined && statSync(state).mtimeMs > begun) forgetUnfinished(stack);
  return result;
}

/** Whether an update of a stack was killed that had not written what it did. */
export function isUnfinished(stack: Stack): boolean {
  return existsSync(eventsOf(stack));
}

const eventSchema = z.object({
  resourcePreEvent: z.object({ metadata: z.object({ op: z.string(), new: resourceSchema }) }),
});

/**
 * What an update that was killed had begun to make, by its events: as a state has it, but for secrets in it, which are
 * left out, and for what it depends on.
 */
export function begunResources({ layout, name }: PulumiStack): readonly StateResource[] {
  const events = layout && eventsOf({ layout, name });
  if (events === undefined || !existsSync(events)) return [];
  return readFileSync(events, "utf8")
    .split("\n")
    .flatMap((line) => {
      const { op, new: made } = readEvent(line)?.resourcePreEvent.metadata ?? {};
      return made !== undefined && op === "create" ? [made] : [];
    });
}

/** Says that a stack's state tells all again. */
export function forgetUnfinished({ layout, name }: PulumiStack): void {
  if (layout !== undefined) rmSync(eventsOf({ layout, name }), { force: true });
}

/** Where an update that is {@link recordedAtEnd} writes what it does. */
export function eventsOf({ layout, name }: Pick<Stack, "layout" | "name">): string {
  return join(layout.directory, `update-of-${name}.events`);
}

/** Of most events, nothing is needed here; the last may be cut off. What is in the place of a secret no state takes. */
function readEvent(line: string): z.infer<typeof eventSchema> | undefined {
  try {
    const event: unknown = JSON.parse(line, (_, value: unknown) =>
      isMarkedSecret(value) ? undefined : value,
    );
    return eventSchema.safeParse(event).data;
  } catch {
    return undefined;
  }
}

function isMarkedSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretMark in value;
}
