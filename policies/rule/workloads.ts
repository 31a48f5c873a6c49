import type { Field } from "./field";
import { namespaceOf } from "./kubernetes-object";
import { podTemplatesOf, type PodTemplate } from "./pod-templates";
import type { Resource } from "./resource";

/** Something that makes pods. */
export interface Workload {
  readonly resource: Resource;
  readonly template: PodTemplate;
  /** Labels of its pods. */
  readonly labels: Field;
  /** Undefined when it is not known yet. */
  readonly namespace: string | undefined;
}

/** Everything in a stack that makes pods, except patches, which show a part only. */
export function workloadsOf(resources: readonly Resource[]): readonly Workload[] {
  return resources.flatMap((resource) =>
    podTemplatesOf(resource)
      .filter(({ isWhole }) => isWhole)
      .map((template) => ({
        resource,
        template,
        labels: template.metadata.at("labels"),
        namespace: namespaceOf(template.object),
      })),
  );
}

/** How many pods a workload has at least: 1 where nothing else is said; undefined where it depends on the cluster. */
export function podCount({ resource, template }: Workload): number | undefined {
  const spec = template.object.at("spec");
  switch (resource.kind.replace(/List$/, "")) {
    case "DaemonSet":
    case "PodTemplate":
      return undefined;
    case "Job":
      return spec.at("parallelism").number ?? 1;
    case "CronJob":
      return spec.at("jobTemplate", "spec", "parallelism").number ?? 1;
    default: {
      const replicas = spec.at("replicas");
      return replicas.isUnknown ? undefined : (replicas.number ?? 1);
    }
  }
}
