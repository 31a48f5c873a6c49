import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { matchesAny } from "./rule/glob";
import { byNamespace, groupBy, namespaceOf, qualifiedName, types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";
import { SelectorIndex } from "./rule/selector";
import { podCount, workloadsOf, type Workload } from "./rule/workloads";

/** Pods that serve are not all taken away at once. */
export const disruptionBudgets = defineRule({
  name: "disruption-budgets",
  severity: "medium",
  description: "Every Service with pods has a disruption budget for them.",
  rationale:
    "When nodes are drained for an upgrade, Kubernetes evicts whatever runs on them. Without a budget, all pods behind an address may go together.",
  remedy:
    "Add a PodDisruptionBudget with maxUnavailable 1 whose selector picks out the pods; components/workload makes one for each workload.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const workloads = groupBy(workloadsOf(resources).filter(isLasting), ({ namespace }) => namespace);
    const budgets = indexed(resources, types.podDisruptionBudget, (fields) => fields.at("spec", "selector"));
    for (const [namespace, services] of byNamespace(resources, types.service)) {
      const serving = servicesOf(services);
      const seen = new Set<Resource>();
      for (const workload of workloads.get(namespace) ?? []) {
        const open = serving.selecting(workload.labels).filter((service) => !seen.has(service));
        if (open.length === 0 || (budgets.get(namespace)?.selecting(workload.labels).length ?? 0) > 0)
          continue;
        for (const service of open) {
          seen.add(service);
          yield {
            resource: service,
            field: service.fields.at("spec", "selector"),
            found: `no disruption budget is about the pods of ${workload.resource.kind} ${workload.template.object.at("metadata", "name").shown} behind this Service`,
            fix: "add a PodDisruptionBudget that selects them, with maxUnavailable 1",
          };
        }
      }
    }
  },
});

/** An address that people use answers while a pod is replaced. */
export const replicatedServices = defineRule({
  name: "replicated-services",
  severity: "medium",
  description: "Every Deployment behind a Service has two pods at least, by its replicas or its autoscaler.",
  rationale:
    "One pod is away whenever its node is drained or its process restarts, and with it everything that needs its address.",
  remedy:
    "Set replicas to 2: in the config key of the system, or in the document. What can't run twice is named in the setting singletons.",
  levels: advisoryInDev,
  settings: z.strictObject({
    singletons: z.array(z.string()).default(["*/nginx-rtmp"]).meta({
      description:
        "Deployments, as namespace/name, that have one pod; * stands for any characters. A camera's stream is in one RTMP server only",
    }),
    exemptComponents: z.array(z.string()).default(["dataconnector"]).meta({
      description:
        "Values of the label app.kubernetes.io/component whose Services only their own pods and operators use",
    }),
  }),
  *judgeStack(resources, { settings }) {
    const services = new Map(
      [...byNamespace(resources, types.service)].map(([namespace, list]) => [namespace, servicesOf(list)]),
    );
    const scaled = scaledNumbers(resources);
    for (const workload of workloadsOf(resources)) {
      const { resource, namespace, labels, template } = workload;
      const component = labels.at("app.kubernetes.io/component").text ?? "";
      if (resource.type !== types.deployment || settings.exemptComponents.includes(component)) continue;
      const name = qualifiedName(resource);
      const count = podCount(workload);
      if (namespace === undefined || count === undefined || matchesAny(settings.singletons, name)) continue;
      if (count >= 2 || (scaled.get(name) ?? 0) >= 2) continue;
      const [service] = services.get(namespace)?.selecting(labels) ?? [];
      if (service === undefined) continue;
      yield {
        resource,
        field: template.object.at("spec", "replicas"),
        found: `${count} pod is behind the Service ${service.fields.at("metadata", "name").shown}`,
        fix: "set replicas to 2 or more",
      };
    }
  },
});

function isLasting({ resource }: Workload): boolean {
  return !["Job", "CronJob", "PodTemplate"].includes(resource.kind);
}

/** The Services of a namespace by their selectors; one without a selector has no pods of its own. */
function servicesOf(services: readonly Resource[]): SelectorIndex<Resource> {
  return new SelectorIndex(
    services
      .map((service) => ({ selector: serviceSelector(service), item: service }))
      .filter(({ selector }) => selector.isUnknown || selector.at("matchLabels").entries.length > 0),
  );
}

/** A Service's selector is a map of labels, without the word before it. */
function serviceSelector({ fields }: Resource): Field {
  const selector = fields.at("spec", "selector");
  return selector.isUnknown ? selector : selector.under("matchLabels");
}

/** Objects of a kind by namespace and by what they select. */
function indexed(
  resources: readonly Resource[],
  type: string,
  selectorOf: (fields: Field) => Field,
): ReadonlyMap<string, SelectorIndex<Resource>> {
  return new Map(
    [...byNamespace(resources, type)].map(([namespace, objects]) => [
      namespace,
      new SelectorIndex(objects.map((object) => ({ selector: selectorOf(object.fields), item: object }))),
    ]),
  );
}

/** The lowest numbers of pods that autoscalers keep, by namespace and name of what they scale. */
function scaledNumbers(resources: readonly Resource[]): ReadonlyMap<string, number> {
  return new Map(
    resources.flatMap(({ kind, isKubernetes, fields }): (readonly [string, number])[] => {
      if (!isKubernetes || !["HorizontalPodAutoscaler", "ScaledObject"].includes(kind)) return [];
      const spec = fields.at("spec");
      const target = spec.at("scaleTargetRef", "name").text;
      const least = spec.at("minReplicas").number ?? spec.at("minReplicaCount").number;
      if (target === undefined || least === undefined) return [];
      return [[`${namespaceOf(fields) ?? "?"}/${target}`, least]];
    }),
  );
}
