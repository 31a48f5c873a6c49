import { z } from "zod";
import { parseJson } from "../../local/files";
import { titleOf } from "../../local/stack/stack-state";
import type { EngineEnvironment } from "../engine/engine-environment";

/** What holds data, or a secret that others have been told: by the beginning of its type. */
const holders = [
  "kafka:index/topic:",
  "kafka:index/userScramCredential:",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolume",
  // All objects of its kind go with it.
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
  "random:",
];

/** Steps by which a resource is made to be another one, or to be no more. */
const harmful = ["replace", "delete", "discard"];

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

/** What an update of a stack would do; fails with the errors that were said if it can't be previewed. */
export async function plannedSteps(engine: EngineEnvironment): Promise<readonly PlannedStep[]> {
  const { exitCode, output } = await engine.pulumi("preview", "--json");
  const json = output.slice(0, output.lastIndexOf("}") + 1);
  const { steps, diagnostics } = parseJson(json, previewSchema, "The preview of the stack");
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}\n${errors.join("\n")}`);
  return steps.filter(({ op }) => op !== "same");
}

/** The steps that would lose data, a line each, with the properties that make them necessary. */
export function plannedLosses(steps: readonly PlannedStep[]): readonly string[] {
  return steps
    .filter(({ op, urn }) => harmful.includes(op) && holders.some((holder) => typeOf(urn).startsWith(holder)))
    .map(({ op, urn, replaceReasons, diffReasons }) => {
      const properties = [...(replaceReasons ?? []), ...(replaceReasons?.length ? [] : (diffReasons ?? []))];
      const reason =
        op === "replace" ? `because of ${properties.join(", ")}` : "no resource has its URN any more";
      return `${op} ${titleOf(urn)}: ${reason} (${urn})`;
    });
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
