import type {
  PolicyConfigSchema,
  ResourceRemediation,
  ResourceValidation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { configSchemaOf } from "./config-schema";
import type { Environment, Levels } from "./environment";
import { exceptionsSetting, type ConfiguredExceptions } from "./exception";
import type { Field } from "./field";
import { repair } from "./repair";
import { Report, type Reporter } from "./report";
import { readResource, type ConfigKey, type Resource } from "./resource";
import { systemDay, type Today } from "./today";
import type { Value } from "./value";

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
  /** The key of the stack's config that alone decides it, whoever makes the resource. @default none */
  readonly decidedBy?: ConfigKey;
  /** What may be written there without harm, where the rule's level is `remediate`. @default nothing: a person decides */
  readonly repair?: Value;
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
  /** The day on which it is judged: `2027-03-31`. */
  readonly today: string;
}

/** What is written down to make a rule. */
export interface RuleDefinition<Schema extends z.ZodObject> {
  /** Stable: configuration of users and exceptions refer to it. */
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
  /** Type token of the only resources that `judge` is about: the SDK then asks about no others. @default all */
  readonly type?: string;
  /** Judges one resource, before it is changed. @default nothing to find in a single resource */
  readonly judge?: (resource: Resource, context: Context<z.output<Schema>>) => Iterable<Finding>;
  /** Judges all resources together, after a preview or an update. @default nothing to find in the whole */
  readonly judgeStack?: (
    resources: readonly Resource[],
    context: Context<z.output<Schema>>,
  ) => Iterable<StackFinding>;
  /** Whether some of its findings can be repaired by the engine. @default false */
  readonly canRepair?: boolean;
}

/** A policy that may judge single resources and the stack. */
export type RulePolicy = ResourceValidationPolicy & Partial<Pick<StackValidationPolicy, "validateStack">>;

/** A rule of the pack: what the documentation needs of it, and the policy that it becomes. */
export interface Rule extends Pick<
  RuleDefinition<z.ZodObject>,
  "name" | "severity" | "description" | "rationale" | "remedy" | "levels"
> {
  readonly configSchema: PolicyConfigSchema;
  readonly canRepair: boolean;
  /** What it looks at: single resources before each is changed, or all of them after the preview. */
  readonly looksAt: readonly ("resource" | "stack")[];
  /**
   * The policy as the SDK wants it, with the level of an environment.
   *
   * @param today - gives the day on which exceptions are judged. @default the machine's clock
   */
  policyFor(environment: Environment, today?: Today): RulePolicy;
}

/** A rule without settings of its own. */
export const noSettings = z.strictObject({});

/** Makes a rule from its definition. */
export function defineRule<Schema extends z.ZodObject>(definition: RuleDefinition<Schema>): Rule {
  const { name, severity, description, rationale, remedy, levels, type, judge, judgeStack } = definition;
  const canRepair = definition.canRepair ?? false;
  const settingsOf = settingsReader(definition);
  const configSchema = configSchemaOf(definition.settings.extend({ exceptions: exceptionsSetting }));
  return {
    name,
    severity,
    description,
    rationale,
    remedy,
    levels,
    canRepair,
    configSchema,
    looksAt: [...(judge ? ["resource" as const] : []), ...(judgeStack ? ["stack" as const] : [])],
    policyFor: (environment, today = systemDay) => {
      const contextOf = (raw: object): Judging<z.output<Schema>> => {
        return { environment, ...settingsOf(raw), today: today() };
      };
      const validate: ResourceValidation = (args, report) => {
        if (judge === undefined || (type !== undefined && args.type !== type)) return;
        const resource = readResource(args);
        const context = contextOf(args.getConfig());
        const found = [...judge(resource, context)].map((finding) => ({ ...finding, resource }));
        reportAll(found, definition, context, { report });
      };
      const remediate: ResourceRemediation = (args) => {
        if (judge === undefined) return undefined;
        const findings = [...judge(readResource(args), contextOf(args.getConfig()))];
        return repair(args.props, findings) ? args.props : undefined;
      };
      return {
        name,
        severity,
        description,
        remediationSteps: remedy,
        enforcementLevel: levels[environment],
        configSchema,
        ...(judge && { validateResource: onlyFor(type, validate) }),
        ...(canRepair && { remediateResource: remediate }),
        ...(judgeStack && {
          validateStack: (args, report) => {
            const context = contextOf(args.getConfig());
            reportAll(judgeStack(args.resources.map(readResource), context), definition, context, { report });
          },
        }),
      };
    },
  };
}

/** Marks a function as the SDK's validateResourceOfType does, which wants the class: others are not even unpacked. */
function onlyFor(type: string | undefined, validate: ResourceValidation): ResourceValidation {
  return type === undefined ? validate : Object.assign(validate, { __pulumiType: type });
}

interface Judging<Settings> extends Context<Settings> {
  readonly exceptions: ConfiguredExceptions;
}

function reportAll(
  findings: Iterable<StackFinding>,
  { name, severity, description }: Pick<Rule, "name" | "severity" | "description">,
  { exceptions, today }: Pick<Judging<unknown>, "exceptions" | "today">,
  reporter: Reporter,
): void {
  const report = new Report({ name, severity, description }, exceptions, today);
  for (const finding of findings) report.add(finding);
  report.send(reporter);
}

/** What a rule's configuration says, complete. */
interface ReadSettings<Settings> {
  readonly settings: Settings;
  readonly exceptions: ConfiguredExceptions;
}

/** Reads the same configuration once: it is handed out anew with each resource. */
function settingsReader<Schema extends z.ZodObject>(
  definition: Pick<RuleDefinition<Schema>, "name" | "settings">,
): (raw: object) => ReadSettings<z.output<Schema>> {
  const read = new Map<string, ReadSettings<z.output<Schema>>>();
  return (raw) => {
    const text = JSON.stringify(raw);
    const settings = read.get(text) ?? readSettings(definition, raw);
    read.set(text, settings);
    return settings;
  };
}

/**
 * @throws Error when a key is unknown or a value impossible; the engine has no way to refuse an unknown key
 */
function readSettings<Schema extends z.ZodObject>(
  { name, settings }: Pick<RuleDefinition<Schema>, "name" | "settings">,
  raw: object,
): ReadSettings<z.output<Schema>> {
  const { exceptions, ...own }: { readonly exceptions?: unknown } = raw;
  const parsed = settings.safeParse(own);
  const excepted = z.object({ exceptions: exceptionsSetting }).safeParse({ exceptions });
  if (parsed.success && excepted.success)
    return { settings: parsed.data, exceptions: excepted.data.exceptions };
  const known = [...Object.keys(settings.shape), "exceptions"].join(", ");
  const issues = [...(parsed.error?.issues ?? []), ...(excepted.error?.issues ?? [])];
  const mistakes = issues.map((issue) => `${[name, ...issue.path].join(".")}: ${issue.message}`);
  const error = new Error(
    `The configuration of policy ${name} can't be used. ${mistakes.join("; ")}. Its keys are: ${known}.`,
  );
  // The SDK prints the stack, which tells a user nothing.
  error.stack = error.message;
  throw error;
}
