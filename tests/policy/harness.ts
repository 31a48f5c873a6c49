import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Environment } from "../../policies/rule/environment";
import type { Reporter } from "../../policies/rule/report";
import type { Rule, RulePolicy } from "../../policies/rule/rule";

/** A resource as a program registers it. */
export interface Given {
  readonly type: string;
  readonly name: string;
  readonly props: Readonly<Record<string, unknown>>;
  /** Component types above it, outermost first. @default none */
  readonly parents?: readonly string[];
  /** @default made of the parents' types, its own and its name */
  readonly urn?: string;
  /** URNs of resources whose outputs are in a property. @default none */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

/** A violation, taken apart. */
export interface Violation {
  readonly policy: string;
  /** Resource and field. */
  readonly where: string;
  readonly found: string;
  readonly fix: string;
  readonly edit: string;
  /** Why an exception does not hold. */
  readonly note?: string;
}

/** What a rule told the engine. */
export interface Reports {
  readonly violations: readonly Violation[];
  /** Texts of exceptions that were used; they never stop an update. */
  readonly excuses: readonly string[];
}

/** By what a resource is judged, beside the rules. */
export interface Judgement {
  /** @default "prod" */
  readonly environment?: Environment;
  /** Configuration of the rule. @default none */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The day on which it is judged. @default "2026-12-01" */
  readonly today?: string;
}

/** Judges one resource by one rule. */
export function judge(rule: Rule, given: Given, judgement: Judgement = {}): Violation[] {
  return [...reportsOn(rule, given, judgement).violations];
}

/** Judges one resource by one rule, and tells of used exceptions too. */
export function reportsOn(rule: Rule, given: Given, judgement: Judgement = {}): Reports {
  return collect(rule, judgement, (policy, reporter) => {
    for (const validate of [policy.validateResource ?? []].flat())
      void validate(resourceArgs(given, judgement.config), reporter.report.bind(reporter));
  });
}

/** What the engine goes on with when it lets a rule repair a resource; undefined when the rule left it alone. */
export function repaired(rule: Rule, given: Given, judgement: Judgement = {}): unknown {
  const policy = rule.policyFor(judgement.environment ?? "prod", () => judgement.today ?? standardDay);
  const args = resourceArgs({ ...given, props: copyOf(given.props) }, judgement.config);
  return policy.remediateResource?.(args);
}

/** Judges all resources of a stack together by one rule. */
export function judgeStack(rule: Rule, given: readonly Given[], judgement: Judgement = {}): Violation[] {
  return [...reportsOnStack(rule, given, judgement).violations];
}

/** Judges all resources of a stack together by one rule, and tells of used exceptions too. */
export function reportsOnStack(rule: Rule, given: readonly Given[], judgement: Judgement = {}): Reports {
  return collect(rule, judgement, (policy, reporter) => {
    const { config = {} } = judgement;
    const byUrn = new Map(
      given.map((resource) => {
        const args = { ...resourceArgs(resource, config), dependencies: [], propertyDependencies: {} };
        return [args.urn, args];
      }),
    );
    const resources = given.map((resource) => {
      const args = { ...resourceArgs(resource, config), dependencies: [] };
      const propertyDependencies = Object.fromEntries(
        Object.entries(resource.sources ?? {}).map(([property, urns]) => [
          property,
          urns.flatMap((urn) => byUrn.get(urn) ?? []),
        ]),
      );
      return { ...args, propertyDependencies };
    });
    const args: StackValidationArgs = {
      resources,
      stackTags: new Map(),
      // As over the wire: the SDK lets each rule name the type of its configuration.
      getConfig: JSON.parse.bind(undefined, JSON.stringify(config)),
      notApplicable,
    };
    void policy.validateStack?.(args, reporter.report.bind(reporter));
  });
}

const standardDay = "2026-12-01";

/** A value that a preview can't know, as the SDK shows it to a policy: reading it throws. */
export const unknownUntilUpdate: unique symbol = Symbol("unknown until the update");

function collect(
  rule: Rule,
  { environment = "prod", today = standardDay }: Judgement,
  run: (policy: RulePolicy, reporter: Reporter) => void,
): Reports {
  const violations: Violation[] = [];
  const excuses: string[] = [];
  run(
    rule.policyFor(environment, () => today),
    {
      report: (message) => {
        if (typeof message === "string") {
          violations.push({ policy: rule.name, ...takeApart(message) });
        } else {
          if (message.enforcementLevel !== "advisory") throw new Error("an excuse stops no update");
          excuses.push(message.message);
        }
      },
    },
  );
  return { violations, excuses };
}

function takeApart(message: string): Omit<Violation, "policy"> {
  const parts =
    /^Found: (?<found>.*)\.\nWhere: (?<where>.*)\nFix: {3}(?<fix>.*)\.\nEdit: {2}(?<edit>.*)(?:\nNote: {2}(?<note>.*)\.)?$/.exec(
      message,
    )?.groups;
  const { found, where, fix, edit, note } = parts ?? {};
  if (found === undefined || where === undefined || fix === undefined || edit === undefined) {
    throw new Error(`a violation says what, where, how and in which place, but this one says ${message}`);
  }
  return { found, where, fix, edit, ...(note !== undefined && { note }) };
}

function resourceArgs(
  {
    type,
    name,
    props,
    parents = [],
    urn = `urn:pulumi:test::algorun::${[...parents, type].join("$")}::${name}`,
  }: Given,
  config: Readonly<Record<string, unknown>> = {},
): ResourceValidationArgs {
  return {
    type,
    name,
    urn,
    props: hideUnknowns(props),
    opts: {
      protect: false,
      ignoreChanges: [],
      aliases: [],
      customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
      additionalSecretOutputs: [],
    },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    // As over the wire: the SDK lets each rule name the type of its configuration.
    getConfig: JSON.parse.bind(undefined, JSON.stringify(config)),
    notApplicable,
  };
}

/** A copy to write into, markers included, which structuredClone refuses. */
function copyOf(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, copied(value)]));
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  return typeof value === "object" && value !== null ? copyOf({ ...value }) : value;
}

function notApplicable(): never {
  throw new Error("the rules judge nothing instead");
}

/**
 * Makes the marker throw when it is read, as the SDK does it. What is read of a function is wrapped as well, as the SDK
 * does it where a rule may repair: methods that make another list out of one, such as map, can't be called then.
 */
function hideUnknowns<T extends object>(holder: T): T {
  return new Proxy(holder, {
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key);
      if (value === unknownUntilUpdate) throw new UnknownValueError(String(key));
      const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
      return isHolder ? hideUnknowns(value) : value;
    },
  });
}

class UnknownValueError extends Error {
  readonly unknownTypeSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  constructor(key: string) {
    super(`string value at .${key} can't be known during preview`);
  }
}
