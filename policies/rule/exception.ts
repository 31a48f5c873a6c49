import { z } from "zod";
import { matchesGlob } from "./glob";
import { describeResource, type Resource } from "./resource";
import { isDay } from "./today";

/** What annotations with an exception begin with; the name of the rule follows. */
export const annotationPrefix = "exempt.policy.algo.run/";

/** The setting by which every rule takes exceptions from `--policy-pack-config`. */
export const exceptionsSetting = z
  .array(
    z.strictObject({
      resource: z.string().min(1).meta({
        description: "Kind, namespace and name as messages show them, or a URN; * stands for any characters",
      }),
      reason: z.string().trim().min(10, "must say why in ten characters or more").meta({
        description: "Why it must be so",
      }),
      until: z.string().refine(isDay, "must be a day such as 2027-03-31").meta({
        description: "Last day on which it holds",
      }),
    }),
  )
  .default([])
  .meta({ description: "Resources that may break the rule, each with a reason and a last day" });

/** Exceptions of one rule in its configuration. */
export type ConfiguredExceptions = z.output<typeof exceptionsSetting>;

/** A reason why a resource may break a rule until some day. */
export interface Exception {
  readonly reason: string;
  /** Last day on which it holds: `2027-03-31`. */
  readonly until: string;
  /** Where it is written. */
  readonly source: string;
}

/** What is written about a resource and a rule: an exception, or something that was meant as one. */
export type ExceptionEntry =
  | { readonly kind: "exception"; readonly exception: Exception }
  | { readonly kind: "unusable"; readonly why: string };

/**
 * Finds what is written about a resource and a rule: in the configuration, where the first pattern counts that fits, or
 * in an annotation of the resource.
 */
export function findException(
  resource: Resource,
  rule: string,
  configured: ConfiguredExceptions,
): ExceptionEntry | undefined {
  const index = configured.findIndex((entry) => isAbout(entry.resource, resource));
  const entry = configured[index];
  if (entry !== undefined) {
    const { reason, until } = entry;
    return {
      kind: "exception",
      exception: { reason, until, source: `${rule}.exceptions[${index}] of --policy-pack-config` },
    };
  }
  const annotation = resource.fields.at("metadata", "annotations", `${annotationPrefix}${rule}`);
  if (annotation.isAbsent || annotation.isUnknown) return undefined;
  return readAnnotation(rule, annotation.text ?? "");
}

/** Reads the value of an annotation: `2027-03-31: the vendor publishes no versions`. */
export function readAnnotation(rule: string, value: string): ExceptionEntry {
  const { until = "", reason = "" } =
    /^\s*(?<until>\d{4}-\d{2}-\d{2})\s*:\s*(?<reason>.*?)\s*$/s.exec(value)?.groups ?? {};
  if (!isDay(until)) return { kind: "unusable", why: "it does not begin with its last day" };
  if (reason.length < 10) return { kind: "unusable", why: "it gives no reason of ten characters or more" };
  const source = `annotation ${annotationPrefix}${rule}`;
  return { kind: "exception", exception: { reason, until, source } };
}

function isAbout(pattern: string, resource: Resource): boolean {
  return matchesGlob(pattern, pattern.startsWith("urn:") ? resource.urn : describeResource(resource));
}
