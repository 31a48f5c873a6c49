import { rules } from "../../policies/index";
import type { Environment } from "../../policies/rule/environment";
import type { RegisteredResource } from "../harness/deploy";
import { judge, judgeStack, type Given, type Violation } from "./harness";

/** A resource of a program as the engine shows it to a policy at the end: with the password that was generated. */
export function given({ type, name, urn, inputs }: RegisteredResource): Given {
  const props = type.startsWith("random:") ? { ...inputs, result: `${name}-result` } : inputs;
  return { type, name, urn, props };
}

/** What an update of a stack would be told in an environment, advice included. */
export function violationsIn(
  registered: readonly RegisteredResource[],
  environment: Environment,
  configs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): readonly Violation[] {
  const resources = registered.filter(({ custom }) => custom).map(given);
  return rules
    .filter(({ levels }) => levels[environment] !== "disabled")
    .flatMap((rule) => {
      const judgement = { environment, config: configs[rule.name] ?? {} };
      return [
        ...resources.flatMap((resource) => judge(rule, resource, judgement)),
        ...judgeStack(rule, resources, judgement),
      ];
    });
}
