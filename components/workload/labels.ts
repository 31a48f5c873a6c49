import type * as k8s from "@pulumi/kubernetes";
import type { WorkloadArgs } from "./workload-args";

/** The label by which everything finds the pods of a workload; the only one in selectors, since those never change. */
export const instanceLabel = "app.kubernetes.io/instance";

/** Labels of everything that AlgoRun makes. */
export const ownershipLabels = {
  "app.kubernetes.io/part-of": "algo.run",
  "app.kubernetes.io/managed-by": "pulumi",
} as const;

/** Labels that select exactly the pods of one workload in its namespace. */
export function selectorLabels(name: string): Record<string, string> {
  return { [instanceLabel]: name };
}

/** Selects the pods of a workload, and those of the workloads that it makes one system with. */
export function memberSelector(
  name: string,
  { members }: Pick<WorkloadArgs, "members">,
): k8s.types.input.meta.v1.LabelSelector {
  if (members === undefined) return { matchLabels: selectorLabels(name) };
  return { matchExpressions: [{ key: instanceLabel, operator: "In", values: [...members].sort() }] };
}

/** Labels of every object of a workload: the recommended ones, then the environment's, then the caller's. */
export function workloadLabels(name: string, args: WorkloadArgs): Record<string, string> {
  return {
    ...args.defaults?.labels,
    ...stableLabels(name, args),
    ...(args.app.version === undefined ? {} : { "app.kubernetes.io/version": labelValue(args.app.version) }),
    ...args.labels,
    [instanceLabel]: name,
  };
}

/**
 * Those labels that never change, for what can't be altered later, such as a claim's template: neither the version's, nor
 * those that an environment or a document gives, lest a word in a config replace a StatefulSet.
 */
export function stableLabels(name: string, { app }: WorkloadArgs): Record<string, string> {
  return {
    "app.kubernetes.io/name": app.name,
    "app.kubernetes.io/component": app.component,
    ...ownershipLabels,
    [instanceLabel]: name,
  };
}

/** A text as a label may hold it: 63 of `A-Z a-z 0-9 - _ .`, letters or digits at both ends. */
export function labelValue(text: string): string {
  return text
    .replace(/[^\w.-]/g, "-")
    .slice(0, 63)
    .replace(/^[^a-z\d]+|[^a-z\d]+$/gi, "");
}
