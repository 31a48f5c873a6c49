import type { Rule } from "./rule/rule";
import { advisoryInDev } from "./rule/environment";
import { annotationPrefix, readAnnotation } from "./rule/exception";
import type { Field } from "./rule/field";
import { defineRule, noSettings, type Finding } from "./rule/rule";

const name = "dated-exceptions";

/**
 * Exceptions are decisions: of somebody, for a reason, until a day.
 *
 * @param rules - those that exceptions can be about
 */
export function datedExceptions(rules: readonly Pick<Rule, "name" | "severity">[]): Rule {
  const severities = new Map(rules.map((rule) => [rule.name, rule.severity]));
  return defineRule({
    name,
    severity: "high",
    description:
      "Every annotation that excuses an object from a rule names a rule, a last day that has not passed, and a reason.",
    rationale:
      "An exception without an end is a change of the rules that nobody decided. One with a typing error in it excuses nothing, and its author believes that it does.",
    remedy: `Write ${annotationPrefix}{rule}: "2027-03-31: why it must be so", renew the day after looking again, or take the annotation out. Exceptions of critical rules stand in --policy-pack-config.`,
    levels: advisoryInDev,
    settings: noSettings,
    *judge({ isKubernetes, fields }, { today }) {
      if (!isKubernetes) return;
      for (const [key, field] of fields.at("metadata", "annotations").entries) {
        if (!key.startsWith(annotationPrefix) || field.isUnknown) continue;
        yield* judgeAnnotation(key.slice(annotationPrefix.length), field, severities, today);
      }
    },
  });
}

function* judgeAnnotation(
  rule: string,
  field: Field,
  severities: ReadonlyMap<string, Rule["severity"]>,
  today: string,
): Iterable<Finding> {
  const severity = severities.get(rule);
  if (severity === undefined) {
    const found = `there is no rule ${JSON.stringify(rule)} to be excused from`;
    yield { field, found, fix: `name a rule behind ${annotationPrefix}, as docs/policies.md lists them` };
    return;
  }
  if (severity === "critical") {
    const found = `${rule} is critical, and is not excused by an annotation`;
    yield { field, found, fix: `write the exception into ${rule}.exceptions of --policy-pack-config` };
    return;
  }
  const entry = readAnnotation(rule, field.text ?? "");
  if (entry.kind === "unusable") {
    const found = `the exception ${field.shown} can't be used: ${entry.why}`;
    yield { field, found, fix: 'write it as "2027-03-31: why it must be so"' };
  } else if (entry.exception.until < today) {
    const found = `the exception ended on ${entry.exception.until} (${entry.exception.reason})`;
    yield { field, found, fix: "take it out, or look again and choose a later day" };
  }
}
