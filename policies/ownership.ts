import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { namespaceOf, types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";

const deploymentLabel = "algo.run/pipeline-deployment";

/** Labels that are the same for everything of ours, and so can be filled in. */
const ours: Readonly<Record<string, string>> = {
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/part-of": "algo.run",
};

/** Everything says whose it is. */
export const ownershipLabels = defineRule({
  name: "ownership-labels",
  severity: "low",
  description: "Every Kubernetes object says what it is part of and what manages it.",
  rationale:
    "In a cluster of many teams, labels are how people find whom to ask, and how costs, alerts and clean-ups find what is theirs. What has none is deleted by somebody some day, or by nobody ever.",
  remedy:
    "Add the labels to the object's metadata; components/workload sets them. Labels of your own, such as a cost centre, are set for all pods in labels of the config key pods.",
  levels: advisoryInDev,
  settings: z.strictObject({
    required: z.array(z.string()).default(Object.keys(ours)).meta({
      description: "Labels that every object must have; replaces the default list",
    }),
  }),
  canRepair: true,
  *judge(resource, { settings }) {
    for (const object of objectsOf(resource)) {
      const labels = object.at("metadata", "labels");
      for (const name of settings.required) {
        const field = labels.at(name);
        if (!field.isAbsent && field.text !== "") continue;
        const value = ours[name];
        yield {
          field,
          found: `the object has no label ${name}`,
          fix: value === undefined ? "add it" : `add it, with the value ${value}`,
          ...(value !== undefined && { repair: value }),
        };
      }
    }
  },
});

/** What lies in a pipeline's namespace is the pipeline's. */
export const pipelineLabels = defineRule({
  name: "pipeline-labels",
  severity: "low",
  description: "Every object in the namespace of a pipeline deployment carries the deployment's name.",
  rationale:
    "Messages of this pack, dashboards, alerts and the bill find the document behind an object by its label algo.run/pipeline-deployment. One object without it is one that nobody can place.",
  remedy: "Give the object the labels of its plan, as all components of Pipeline do.",
  levels: advisoryInDev,
  settings: noSettings,
  *judgeStack(resources) {
    const owners = new Map<string, string>();
    for (const { type, fields } of resources) {
      if (type !== types.namespace) continue;
      const [name, owner] = [
        fields.at("metadata", "name").text,
        fields.at("metadata", "labels", deploymentLabel).text,
      ];
      if (name !== undefined && owner !== undefined) owners.set(name, owner);
    }
    for (const resource of resources) {
      const [object] = objectsOf(resource);
      if (object === undefined || resource.type === types.namespace) continue;
      const owner = owners.get(namespaceOf(object) ?? "");
      const field = object.at("metadata", "labels", deploymentLabel);
      if (owner === undefined || field.isUnknown || field.text === owner) continue;
      yield {
        resource,
        field,
        found: `the object lies in the namespace of ${owner}, and its label ${deploymentLabel} is ${field.shown}`,
        fix: `set the label to ${owner}`,
      };
    }
  },
});

/** The Kubernetes object that a resource is; none for charts, folders of files, patches and lists. */
function objectsOf({ isKubernetes, kind, fields }: Resource): readonly Field[] {
  if (!isKubernetes || /(?:Patch|List)$/.test(kind)) return [];
  return fields.at("metadata").isAbsent && fields.at("apiVersion").isAbsent ? [] : [fields];
}
