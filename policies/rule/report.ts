import type { EnforcementLevel, Severity } from "@pulumi/policy";
import { annotationPrefix, findException, type ConfiguredExceptions, type Exception } from "./exception";
import { describeResource, placeToEdit, type Resource } from "./resource";
import type { StackFinding } from "./rule";

/** A report with a level of its own. */
export interface LevelledMessage {
  readonly message: string;
  readonly urn: string;
  readonly description: string;
  readonly enforcementLevel: EnforcementLevel;
}

/**
 * What takes reports to the engine. The SDK's function is one, though its type tells of texts only: a report with a
 * level of its own is what it takes from policies that wrap those of others, and what shows a used exception beside
 * violations that stop the update.
 */
export interface Reporter {
  report(message: string | LevelledMessage, urn?: string): void;
}

/** What a report tells of its rule. */
interface ReportedRule {
  readonly name: string;
  readonly severity: Severity;
  readonly description: string;
}

/** Findings that one exception excuses, all on one resource. */
interface Excuse {
  readonly resource: Resource;
  readonly exception: Exception;
  readonly paths: string[];
}

/** Collects the findings of one rule, sorts out what is excused, and tells the engine of both. */
export class Report {
  private readonly violations: { readonly message: string; readonly urn: string }[] = [];
  private readonly excuses = new Map<string, Excuse>();

  constructor(
    private readonly rule: ReportedRule,
    private readonly exceptions: ConfiguredExceptions,
    private readonly today: string,
  ) {}

  add(finding: StackFinding): void {
    const { resource, field } = finding;
    const entry = findException(resource, this.rule.name, this.exceptions);
    if (entry?.kind === "exception" && this.refusal(entry.exception) === undefined) {
      const { exception } = entry;
      const key = `${resource.urn} ${exception.source}`;
      const excuse = this.excuses.get(key) ?? { resource, exception, paths: [] };
      excuse.paths.push(field.path);
      this.excuses.set(key, excuse);
      return;
    }
    const note =
      entry?.kind === "exception" ? this.refusal(entry.exception) : unusable(this.rule.name, entry?.why);
    this.violations.push({ message: describeFinding(finding, note), urn: resource.urn });
  }

  send(reporter: Reporter): void {
    for (const { message, urn } of this.violations) reporter.report(message, urn);
    for (const { resource, exception, paths } of this.excuses.values()) {
      reporter.report({
        urn: resource.urn,
        description: this.rule.description,
        enforcementLevel: "advisory",
        message: [
          `Excused until ${exception.until}: ${exception.reason}`,
          `Where: ${describeResource(resource)}, ${paths.join(", ")}`,
          `By:    ${exception.source}`,
        ].join("\n"),
      });
    }
  }

  /** Why an exception does not hold; undefined when it does. */
  private refusal({ reason, until, source }: Exception): string | undefined {
    if (until < this.today) return `the exception by ${source} ended on ${until} (${reason})`;
    if (this.rule.severity === "critical" && source.startsWith("annotation"))
      return `the exception by ${source} does not count: those of critical rules stand in --policy-pack-config`;
    return undefined;
  }
}

function unusable(rule: string, why: string | undefined): string | undefined {
  return why === undefined ? undefined : `annotation ${annotationPrefix}${rule} can't be used: ${why}`;
}

function describeFinding(
  { resource, field, found, fix, configKey, decidedBy }: StackFinding,
  note: string | undefined,
): string {
  return [
    `Found: ${found}.`,
    `Where: ${describeResource(resource)}, ${field.path}`,
    `Fix:   ${fix}.`,
    `Edit:  ${decidedBy === undefined ? placeToEdit(resource, configKey) : `algorun:${decidedBy} in the stack's config`}`,
    ...(note === undefined ? [] : [`Note:  ${note}.`]),
  ].join("\n");
}
