import type { ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { Environment } from "../../policies/rule/environment";
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
}

/** A violation, taken apart. */
export interface Violation {
  readonly policy: string;
  /** Resource and field. */
  readonly where: string;
  readonly found: string;
  readonly fix: string;
  readonly edit: string;
}

/** By what a resource is judged, beside the rules. */
export interface Judgement {
  /** @default "prod" */
  readonly environment?: Environment;
  /** Configuration of the rule. @default none */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Judges one resource by one rule. */
export function judge(
  rule: Rule,
  given: Given,
  { environment = "prod", config = {} }: Judgement = {},
): Violation[] {
  return collect(
    rule,
    (policy, report) => {
      for (const validate of [policy.validateResource ?? []].flat())
        void validate(resourceArgs(given, config), report);
    },
    environment,
  );
}

/** Judges all resources of a stack together by one rule. */
export function judgeStack(
  rule: Rule,
  given: readonly Given[],
  { environment = "prod", config = {} }: Judgement = {},
): Violation[] {
  return collect(
    rule,
    (policy, report) => {
      const resources = given.map((resource) => ({
        ...resourceArgs(resource, config),
        dependencies: [],
        propertyDependencies: {},
      }));
      const args: StackValidationArgs = {
        resources,
        stackTags: new Map(),
        // As over the wire: the SDK lets each rule name the type of its configuration.
        getConfig: JSON.parse.bind(undefined, JSON.stringify(config)),
        notApplicable,
      };
      void policy.validateStack?.(args, report);
    },
    environment,
  );
}

/** A value that a preview can't know, as the SDK shows it to a policy: reading it throws. */
export const unknownUntilUpdate: unique symbol = Symbol("unknown until the update");

function collect(
  rule: Rule,
  run: (policy: RulePolicy, report: ReportViolation) => void,
  environment: Environment,
): Violation[] {
  const violations: Violation[] = [];
  run(rule.policyFor(environment), (message) => {
    if (typeof message !== "string") throw new Error("the rules report text");
    violations.push({ policy: rule.name, ...takeApart(message) });
  });
  return violations;
}

function takeApart(message: string): Omit<Violation, "policy"> {
  const parts =
    /^Found: (?<found>.*)\.\nWhere: (?<where>.*)\nFix: {3}(?<fix>.*)\.\nEdit: {2}(?<edit>.*)$/.exec(
      message,
    )?.groups;
  const { found, where, fix, edit } = parts ?? {};
  if (found === undefined || where === undefined || fix === undefined || edit === undefined) {
    throw new Error(`a violation says what, where, how and in which place, but this one says ${message}`);
  }
  return { found, where, fix, edit };
}

function resourceArgs(
  {
    type,
    name,
    props,
    parents = [],
    urn = `urn:pulumi:test::algorun::${[...parents, type].join("$")}::${name}`,
  }: Given,
  config: Readonly<Record<string, unknown>>,
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

function notApplicable(): never {
  throw new Error("the rules judge nothing instead");
}

/** Makes the marker throw when it is read, as the SDK does it. */
function hideUnknowns<T extends object>(holder: T): T {
  return new Proxy(holder, {
    get: (target, key): unknown => {
      const value: unknown = Reflect.get(target, key);
      if (value === unknownUntilUpdate) throw new UnknownValueError(String(key));
      return typeof value === "object" && value !== null ? hideUnknowns(value) : value;
    },
  });
}

class UnknownValueError extends Error {
  readonly unknownTypeSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  constructor(key: string) {
    super(`string value at .${key} can't be known during preview`);
  }
}
