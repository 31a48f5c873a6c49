import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { parseJson } from "../files";
import { configFlags, showPulumi, updateFlags, type Stack } from "./stack";

/** The engine's account of what it does, one event on each line; of most, nothing is needed here. */
const eventSchema = z.object({
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()) }).optional(),
  resOutputsEvent: z
    .object({
      metadata: z.object({
        type: z.string(),
        old: z.object({ outputs: z.unknown() }).nullish(),
        new: z.object({ outputs: z.unknown() }).nullish(),
      }),
    })
    .optional(),
});
type EngineEvent = z.infer<typeof eventSchema>;

/** What an update would do. */
export interface Preview {
  /** 0 unless it can't be done: a mistake in the program, or a violated policy. */
  readonly exitCode: number;
  /** Whether a resource or an output of the stack would become another. */
  readonly hasChanges: boolean;
  /** The number of resources that would stay as they are. */
  readonly unchanged: number;
}

/** Finds out what an update would do, with the policy pack, and shows it as Pulumi always does. */
export async function previewStack(stack: Stack): Promise<Preview> {
  const log = join(stack.layout.directory, "preview.events");
  rmSync(log, { force: true });
  try {
    const args = ["preview", ...updateFlags(stack), ...configFlags(stack), "--event-log", log];
    const exitCode = await showPulumi(stack, args);
    if (exitCode !== 0) return { exitCode, hasChanges: false, unchanged: 0 };
    const lines = readFileSync(log, "utf8").trim().split("\n");
    return { exitCode, ...assess(lines.map((line) => parseJson(line, eventSchema, "An event of Pulumi"))) };
  } finally {
    rmSync(log, { force: true });
  }
}

/** Reads from the events of a preview whether there is something to do. */
export function assess(events: readonly EngineEvent[]): Omit<Preview, "exitCode"> {
  const { same = 0, ...changes } =
    events.findLast((event) => event.summaryEvent)?.summaryEvent?.resourceChanges ?? {};
  const stack = events.findLast((event) => event.resOutputsEvent?.metadata.type === "pulumi:pulumi:Stack");
  const { old: before, new: after } = stack?.resOutputsEvent?.metadata ?? {};
  const hasChanges =
    Object.values(changes).some((count) => count > 0) || !isDeepStrictEqual(before?.outputs, after?.outputs);
  return { hasChanges, unchanged: same };
}
