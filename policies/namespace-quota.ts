import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { byNamespace, groupBy, types } from "./rule/kubernetes-object";
import type { PodTemplate } from "./rule/pod-templates";
import { quantitySize, sizeOf } from "./rule/quantity";
import { defineRule, noSettings } from "./rule/rule";
import { podCount, workloadsOf, type Workload } from "./rule/workloads";

/** A namespace can't take the cluster for itself. */
export const boundedNamespaces = defineRule({
  name: "bounded-namespaces",
  severity: "medium",
  description: "Every namespace has a quota and a limit range.",
  rationale:
    "A loop that starts pods stops at the quota, or at the end of the cluster. Containers that state no resources get those of the limit range, or as much as the node has.",
  remedy: "Add a ResourceQuota and a LimitRange; GuardedNamespace in components/workload brings both.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const quotas = byNamespace(resources, types.resourceQuota);
    const ranges = byNamespace(resources, types.limitRange);
    for (const resource of resources) {
      const name = resource.fields.at("metadata", "name");
      if (resource.type !== types.namespace || name.text === undefined) continue;
      const missing = [
        ...(quotas.has(name.text) ? [] : ["ResourceQuota"]),
        ...(ranges.has(name.text) ? [] : ["LimitRange"]),
      ];
      if (missing.length === 0) continue;
      const found = `the namespace ${name.text} has no ${missing.join(" and no ")}`;
      yield { resource, field: name, found, fix: `add a ${missing.join(" and a ")}` };
    }
  },
});

/** What a namespace runs fits into what it may have. */
export const fittingRequests = defineRule({
  name: "fitting-requests",
  severity: "high",
  description: "All pods of a namespace together fit into its quota.",
  rationale:
    "The API server accepts a Deployment whose pods the quota will refuse. The update waits for them until it gives up, or reports success with half of the pods missing.",
  remedy:
    "Raise the quota of the namespace, or lower replicas or requests. A pipeline's quota follows from its plan.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const workloads = groupBy(workloadsOf(resources), ({ namespace }) => namespace);
    for (const [namespace, quotas] of byNamespace(resources, types.resourceQuota)) {
      const demand = demandOf(workloads.get(namespace) ?? []);
      for (const resource of quotas) {
        // A quota with scopes counts some of the pods only.
        if (
          !resource.fields.at("spec", "scopes").isAbsent ||
          !resource.fields.at("spec", "scopeSelector").isAbsent
        )
          continue;
        for (const [name, field] of resource.fields.at("spec", "hard").entries) {
          const [asked, allowed] = [demand.get(canonical(name)) ?? 0, sizeOf(field)];
          // Sums of decimals are never exact.
          if (allowed === undefined || asked <= allowed * (1 + 1e-9)) continue;
          yield {
            resource,
            field,
            found: `the pods of ${namespace} ask for ${readable(asked)} of ${name} together, and the quota is ${field.shown}`,
            fix: "raise the quota, or lower the replicas or requests of the pods",
          };
        }
      }
    }
  },
});

/** A quota's short names mean requests. */
function canonical(name: string): string {
  if (name === "cpu" || name === "memory" || name === "ephemeral-storage") return `requests.${name}`;
  return name === "count/pods" ? "pods" : name;
}

/** What workloads ask for together, by the names of a quota. */
function demandOf(workloads: readonly Workload[]): ReadonlyMap<string, number> {
  const demand = new Map<string, number>();
  const add = (name: string, amount: number): void => {
    demand.set(name, (demand.get(name) ?? 0) + amount);
  };
  for (const workload of workloads) {
    const count = podCount(workload);
    if (count === undefined) continue;
    add("pods", count);
    for (const bound of ["requests", "limits"] as const) {
      for (const [name, amount] of podAmounts(workload.template, bound))
        add(`${bound}.${name}`, count * amount);
    }
    for (const claim of workload.template.object.at("spec", "volumeClaimTemplates").items) {
      add("persistentvolumeclaims", count);
      add("requests.storage", count * (sizeOf(claim.at("spec", "resources", "requests", "storage")) ?? 0));
    }
  }
  return demand;
}

/**
 * What one pod counts for: the sum of its containers and of the sidecars among its init containers, or the largest of
 * its other init containers, which run before; what the pod as a whole states stands instead.
 */
function podAmounts(
  { containers, spec }: PodTemplate,
  bound: "requests" | "limits",
): ReadonlyMap<string, number> {
  const together = new Map<string, number>();
  const before = new Map<string, number>();
  for (const { role, fields } of containers) {
    const isBefore = role === "init container" && fields.at("restartPolicy").text !== "Always";
    for (const [name, amount] of amountsOf(fields.at("resources", bound))) {
      if (isBefore) before.set(name, Math.max(before.get(name) ?? 0, amount));
      else together.set(name, (together.get(name) ?? 0) + amount);
    }
  }
  for (const [name, amount] of before) together.set(name, Math.max(together.get(name) ?? 0, amount));
  for (const [name, amount] of amountsOf(spec.at("resources", bound))) together.set(name, amount);
  return together;
}

function amountsOf(field: Field): readonly (readonly [name: string, amount: number])[] {
  return field.entries.flatMap(([name, entry]) => {
    const amount = sizeOf(entry);
    return amount === undefined ? [] : [[name, amount] as const];
  });
}

/** A number as a quantity of Kubernetes: whole where it is, in Mi or Gi where that is shorter. */
function readable(amount: number): string {
  for (const unit of ["Gi", "Mi"]) {
    const size = quantitySize(`1${unit}`) ?? 1;
    if (amount >= size) return `${Math.round((amount / size) * 100) / 100}${unit}`;
  }
  return String(Math.round(amount * 1000) / 1000);
}
