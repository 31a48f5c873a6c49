import type { Field } from "./field";
import type { Resource } from "./resource";

/** A container of a pod template, whatever its role. */
export interface Container {
  readonly role: "container" | "init container" | "ephemeral container";
  /** For messages: `init container "copy-runner"`. */
  readonly label: string;
  readonly fields: Field;
}

/** What pods are made from. */
export interface PodTemplate {
  /** The object that holds it: the Deployment, or the pod itself. */
  readonly object: Field;
  readonly metadata: Field;
  readonly spec: Field;
  /** All of them: containers, init containers, ephemeral containers. */
  readonly containers: readonly Container[];
  /**
   * False when the resource is a server-side-apply patch: it holds a part of a template, so nothing
   * can be told from what is absent.
   */
  readonly isWhole: boolean;
}

/** What tells a pod template from anything else; a patch may bring nothing but an init container. */
const containerLists = ["containers", "initContainers", "ephemeralContainers"];

/** Kubernetes' own kinds that make pods; of the others, the properties are not even read. */
const workloadKinds = new Set([
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "Pod",
  "PodTemplate",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
]);

/**
 * Finds the pod templates of a resource: pods, every built-in kind that makes pods, lists of them, patches
 * of them, and custom resources that carry a template where Deployments do.
 */
export function podTemplatesOf(resource: Resource): readonly PodTemplate[] {
  const isWhole = !resource.kind.endsWith("Patch");
  const kind = resource.kind.replace(/(Patch|List)$/, "");
  if (!resource.isKubernetes || (isBuiltIn(resource.type) && !workloadKinds.has(kind))) return [];
  const objects = resource.kind.endsWith("List") ? resource.fields.at("items").items : [resource.fields];
  return objects
    .map((object) => ({ object, template: object.at(...templatePath(kind)) }))
    .filter(({ template }) => containerLists.some((list) => !template.at("spec", list).isAbsent))
    .map(({ object, template }) => readTemplate(object, template, isWhole));
}

/** Groups of Kubernetes' own have no dot, or end in k8s.io: `apps`, `networking.k8s.io`. */
function isBuiltIn(type: string): boolean {
  const [, group = ""] = /^kubernetes:([^/]*)\//.exec(type) ?? [];
  return !group.includes(".") || group.endsWith(".k8s.io");
}

function templatePath(kind: string): readonly string[] {
  switch (kind) {
    case "Pod":
      return [];
    case "PodTemplate":
      return ["template"];
    case "CronJob":
      return ["spec", "jobTemplate", "spec", "template"];
    default:
      return ["spec", "template"];
  }
}

function readTemplate(object: Field, template: Field, isWhole: boolean): PodTemplate {
  const spec = template.at("spec");
  return {
    object,
    metadata: template.at("metadata"),
    spec,
    containers: [
      ...readContainers(spec.at("initContainers"), "init container"),
      ...readContainers(spec.at("containers"), "container"),
      ...readContainers(spec.at("ephemeralContainers"), "ephemeral container"),
    ],
    isWhole,
  };
}

function readContainers(list: Field, role: Container["role"]): Container[] {
  return list.items.map((fields) => ({
    role,
    label: `${role} ${JSON.stringify(fields.at("name").text ?? "without a name")}`,
    fields,
  }));
}
