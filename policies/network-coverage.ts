import { advisoryInDev } from "./rule/environment";
import { byNamespace, types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";
import { isEmptySelector, SelectorIndex } from "./rule/selector";
import { workloadsOf } from "./rule/workloads";

const directions = ["Ingress", "Egress"] as const;
type Direction = (typeof directions)[number];

/** In a namespace, nothing goes until something is allowed. */
export const defaultDeny = defineRule({
  name: "default-deny",
  severity: "high",
  description: "Every namespace has a network policy that denies all traffic of all its pods, in and out.",
  rationale:
    "Without it, a pod that no policy selects may talk to everything: the Kafka of all others, the metadata service of the cloud, the internet. With it, a forgotten policy is an outage and no leak.",
  remedy:
    "Add a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules; GuardedNamespace in components/workload brings one.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const policies = byNamespace(resources, types.networkPolicy);
    for (const namespace of resources.filter(({ type }) => type === types.namespace)) {
      const name = namespace.fields.at("metadata", "name");
      if (name.text === undefined) continue;
      const denied = new Set((policies.get(name.text) ?? []).flatMap(deniedBy));
      const open = directions.filter((direction) => !denied.has(direction));
      if (open.length === 0) continue;
      yield {
        resource: namespace,
        field: name,
        found: `no network policy of the namespace ${name.text} denies all ${open.join(" and ")}`,
        fix: `add a NetworkPolicy with podSelector {}, policyTypes ${JSON.stringify(open)} and no rules`,
      };
    }
  },
});

/** Each workload has a policy that says whom it talks to. */
export const coveredWorkloads = defineRule({
  name: "covered-workloads",
  severity: "medium",
  description:
    "Every workload is selected by a network policy that is about it, for what comes in and for what goes out.",
  rationale:
    "A workload that only the namespace's own policies select either reaches nothing, or lives off rules that were made for all its neighbours.",
  remedy:
    "Add a NetworkPolicy whose podSelector picks out the workload's pods, with what they may reach and who may reach them; components/workload makes one from the ports and the egress that a workload states.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const indexes = new Map(
      [...byNamespace(resources, types.networkPolicy)].map(([namespace, policies]) => [
        namespace,
        new SelectorIndex(
          policies
            .map((policy) => ({ selector: policy.fields.at("spec", "podSelector"), item: policy }))
            .filter(({ selector }) => !isEmptySelector(selector)),
        ),
      ]),
    );
    for (const { resource, namespace, labels } of workloadsOf(resources)) {
      if (namespace === undefined) continue;
      const selecting = indexes.get(namespace)?.selecting(labels) ?? [];
      const covered = new Set(selecting.flatMap(directionsOf));
      const open = directions.filter((direction) => !covered.has(direction));
      if (open.length === 0) continue;
      yield {
        resource,
        field: labels,
        found: `no network policy is about the pods of this workload, for ${open.join(" and ")}`,
        fix: "add a NetworkPolicy whose podSelector matches these labels",
      };
    }
  },
});

/** The directions that a policy is about; Kubernetes' default is Ingress, and Egress where there are rules for it. */
function directionsOf({ fields }: Resource): readonly Direction[] {
  const stated = fields.at("spec", "policyTypes");
  if (stated.isUnknown) return directions;
  if (stated.items.length > 0) return directions.filter((direction) => stated.texts.includes(direction));
  return fields.at("spec", "egress").isAbsent ? ["Ingress"] : directions;
}

/** The directions in which a policy denies everything to all pods of its namespace. */
function deniedBy(policy: Resource): readonly Direction[] {
  const spec = policy.fields.at("spec");
  if (spec.isUnknown) return directions;
  if (!isEmptySelector(spec.at("podSelector"))) return [];
  return directionsOf(policy).filter(
    (direction) => spec.at(direction === "Ingress" ? "ingress" : "egress").items.length === 0,
  );
}
