import type {
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import type { Environment, Levels } from "./environment";
import type { Field } from "./field";
import { configSchemaOf } from "./config-schema";
import { describeResource, placeToEdit, readResource, type ConfigKey, type Resource } from "./resource";

/** One thing that breaks a rule. */
export interface Finding {
  /** Where it stands. */
  readonly field: Field;
  /** What was found, as a sentence without a full stop. Never a secret's value. */
  readonly found: string;
  /** What to write instead. */
  readonly fix: string;
  /** The key of the stack's config that decides it. @default the key of the component that makes the resource */
  readonly configKey?: ConfigKey;
}

/** A finding that only the whole stack shows, with the resource that it is on. */
export interface StackFinding extends Finding {
  readonly resource: Resource;
}

/** What a rule judges by, beside the resource. */
export interface Context<Settings> {
  /** The rule's own configuration, complete. */
  readonly settings: Settings;
  readonly environment: Environment;
}

/** What is written down to make a rule. */
export interface RuleDefinition<Schema extends z.ZodObject> {
  /** Stable: configuration of users and, later, exceptions refer to it. */
  readonly name: string;
  readonly severity: Severity;
  /** What holds when the rule is kept, in one sentence. */
  readonly description: string;
  /** Why it matters. */
  readonly rationale: string;
  /** What to do about a violation, in general. */
  readonly remedy: string;
  readonly levels: Levels;
  /** The rule's configuration: types, defaults and the schema that the engine checks come from here. */
  readonly settings: Schema;
  /** Judges one resource, before it is changed. */
  readonly judge: (resource: Resource, context: Context<z.output<Schema>>) => Iterable<Finding>;
  /** Judges all resources together, after a preview or an update. */
  readonly judgeStack?: (
    resources: readonly Resource[],
    context: Context<z.output<Schema>>,
  ) => Iterable<StackFinding>;
}

/** A policy that may judge single resources and the stack. */
export type RulePolicy = ResourceValidationPolicy & Partial<Pick<StackValidationPolicy, "validateStack">>;

/** A rule of the pack: what the documentation needs of it, and the policy that it becomes. */
export interface Rule extends Pick<
  RuleDefinition<z.ZodObject>,
  "name" | "severity" | "description" | "rationale" | "remedy" | "levels"
> {
  readonly configSchema: PolicyConfigSchema;
  /** The policy as the SDK wants it, with the level of an environment. */
  policyFor(environment: Environment): RulePolicy;
}

/** Makes a rule from its definition. */
export function defineRule<Schema extends z.ZodObject>(definition: RuleDefinition<Schema>): Rule {
  const { name, severity, description, rationale, remedy, levels, judge, judgeStack } = definition;
  const configSchema = configSchemaOf(definition.settings);
  const contextOf = (environment: Environment, raw: object): Context<z.output<Schema>> => ({
    environment,
    settings: readSettings(definition, raw),
  });
  return {
    name,
    severity,
    description,
    rationale,
    remedy,
    levels,
    configSchema,
    policyFor: (environment) => ({
      name,
      severity,
      description,
      remediationSteps: remedy,
      enforcementLevel: levels[environment],
      configSchema,
      validateResource: (args, report) => {
        const resource = readResource(args);
        for (const finding of judge(resource, contextOf(environment, args.getConfig()))) {
          reportFinding({ ...finding, resource }, report);
        }
      },
      ...(judgeStack && {
        validateStack: (args, report) => {
          const resources = args.resources.map(readResource);
          for (const finding of judgeStack(resources, contextOf(environment, args.getConfig()))) {
            reportFinding(finding, report);
          }
        },
      }),
    }),
  };
}

function reportFinding(finding: StackFinding, report: ReportViolation): void {
  const { resource, field, found, fix, configKey } = finding;
  report(
    [
      `Found: ${found}.`,
      `Where: ${describeResource(resource)}, ${field.path}`,
      `Fix:   ${fix}.`,
      `Edit:  ${placeToEdit(resource, configKey)}`,
    ].join("\n"),
    resource.urn,
  );
}

/**
 * @throws Error when a key is unknown or a value impossible; the engine has no way to refuse an unknown key
 */
function readSettings<Schema extends z.ZodObject>(
  { name, settings }: Pick<RuleDefinition<Schema>, "name" | "settings">,
  raw: object,
): z.output<Schema> {
  const parsed = settings.safeParse(raw);
  if (parsed.success) return parsed.data;
  const known = Object.keys(settings.shape).join(", ");
  const mistakes = parsed.error.issues.map((issue) => `${[name, ...issue.path].join(".")}: ${issue.message}`);
  const error = new Error(
    `The configuration of policy ${name} can't be used. ${mistakes.join("; ")}. Its keys are: ${known || "none"}.`,
  );
  // The SDK prints the stack, which tells a user nothing.
  error.stack = error.message;
  throw error;
}
