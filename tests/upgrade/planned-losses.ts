import { titleOf } from "../../local/stack/stack-state";
import type { PlannedStep } from "../engine/planned-steps";

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
