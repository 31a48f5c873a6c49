import type { LinkedAlgo } from "../link/link";
import type { ParameterPlan } from "../plan/plan";
import type { DocumentSource, ProblemReport } from "../document/problem";
import type { ParameterSpec } from "../schema/algo-schema";
import { compareText } from "../values/text";

/** The parameters of an algo in their order: those of the algo, with the deployment's values over them. */
export function planParameters(
  { algo, spec, at, reference }: LinkedAlgo,
  source: DocumentSource,
  report: ProblemReport,
): readonly ParameterPlan[] {
  const merged = new Map<string, ParameterSpec>(
    algo.parameters.map((parameter) => [parameter.name, parameter]),
  );
  const stated = new Set<string>();
  spec.parameters.forEach((parameter, index) => {
    if (stated.has(parameter.name)) {
      const message = `a second parameter ${JSON.stringify(parameter.name)}, expected each name once`;
      report.error(source, [...at, "parameters", index, "name"], message);
    }
    stated.add(parameter.name);
    merged.set(parameter.name, over(merged.get(parameter.name), parameter));
  });
  for (const { name, value, required } of merged.values()) {
    if (required !== true || value !== undefined) continue;
    report.error(
      source,
      at,
      `the parameter ${name} of ${reference} has no value, expected one, since it is required`,
    );
  }
  return [...merged.values()]
    .map(({ name, value, required = false, sortOrder = 0 }) => ({
      name,
      flag: name.startsWith("-") ? name : `--${name}`,
      required,
      value: value === undefined ? undefined : String(value),
      sortOrder,
    }))
    .sort((a, b) => a.sortOrder - b.sortOrder || compareText(a.name, b.name));
}

function over(own: ParameterSpec | undefined, stated: ParameterSpec): ParameterSpec {
  return {
    name: stated.name,
    value: stated.value ?? own?.value,
    sortOrder: stated.sortOrder ?? own?.sortOrder,
    required: own?.required === true || stated.required === true,
  };
}
