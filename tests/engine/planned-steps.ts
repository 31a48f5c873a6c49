import { z } from "zod";
import { parseJson } from "../../local/files";

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  replaceReasons: z.array(z.string()).nullish(),
  diffReasons: z.array(z.string()).nullish(),
});
const previewSchema = z.object({
  steps: z.array(stepSchema).default([]),
  diagnostics: z.array(z.object({ severity: z.string(), message: z.string() })).default([]),
});

/** A step of an update. */
export type PlannedStep = Readonly<z.infer<typeof stepSchema>>;

/**
 * The steps of an update that change something.
 *
 * @param exitCode - of `pulumi preview --json`
 * @param output - all that it said
 * @throws Error with the errors that were said if the update can't be previewed
 */
export function plannedSteps(exitCode: number, output: string): readonly PlannedStep[] {
  if (!output.startsWith("{")) throw new Error(`exit code ${exitCode}\n${output.slice(-6000)}`);
  const json = output.slice(0, output.lastIndexOf("}") + 1);
  const { steps, diagnostics } = parseJson(json, previewSchema, "The preview of the stack");
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}\n${errors.join("\n")}`);
  return steps.filter(({ op }) => op !== "same");
}
