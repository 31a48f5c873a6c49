import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import { podTemplatesOf, type Container, type PodTemplate } from "./rule/pod-templates";
import { sizeOf } from "./rule/quantity";
import { defineRule, type Finding } from "./rule/rule";

const resourceNames = ["cpu", "memory", "ephemeral-storage"];

/** Resources that Kubernetes also lets the pod as a whole ask for; a quota then counts that instead. */
const podLevelResources: readonly string[] = ["cpu", "memory"];

const settings = z.strictObject({
  requests: z
    .array(z.string())
    .default(resourceNames)
    .meta({ description: "Resources that every container must request; replaces the default list" }),
  limits: z
    .array(z.string())
    .default(resourceNames)
    .meta({ description: "Resources that every container must be limited in; replaces the default list" }),
});

/** Every container says what it needs and what it may take at most. */
export const boundedResources = defineRule({
  name: "bounded-resources",
  severity: "medium",
  description:
    "Every container requests and limits CPU, memory and ephemeral storage, and no request is above its limit.",
  rationale:
    "The scheduler places pods by their requests; without them a node is filled until it evicts. A container without limits takes its neighbours down with it. And a namespace with a ResourceQuota refuses every pod that leaves one of them out, long after the update was reported as done.",
  remedy:
    "Give requests and limits for cpu, memory and ephemeral-storage: in the document's resources of the component, or in the stack's config of the platform's system. Init containers count too.",
  levels: advisoryInDev,
  settings,
  *judge(resource, context) {
    for (const template of podTemplatesOf(resource)) {
      if (!template.isWhole) continue;
      for (const container of template.containers) {
        // The API has no resources for these: they run within the pod's.
        if (container.role === "ephemeral container") continue;
        yield* judgeMissing(container, template, context.settings);
        yield* judgeSizes(container);
      }
    }
  },
});

function* judgeMissing(
  { label, fields }: Container,
  { spec }: PodTemplate,
  wanted: z.output<typeof settings>,
): Iterable<Finding> {
  for (const bound of ["requests", "limits"] as const) {
    for (const name of wanted[bound]) {
      const field = fields.at("resources", bound, name);
      if (!field.isAbsent) continue;
      if (podLevelResources.includes(name) && !spec.at("resources", bound, name).isAbsent) continue;
      const found = `${label} has no ${name} in its ${bound}`;
      yield {
        field,
        found,
        fix: `set it to what the container ${bound === "limits" ? "may take at most" : "needs"}`,
      };
    }
  }
}

function* judgeSizes({ label, fields }: Container): Iterable<Finding> {
  const resources = fields.at("resources");
  for (const bound of ["requests", "limits"]) {
    for (const [name, field] of resources.at(bound).entries) {
      if (field.isUnknown || field.isAbsent) continue;
      const size = sizeOf(field);
      if (size !== undefined && size > 0) continue;
      const fix = "write a quantity above nothing, such as 250m or 512Mi";
      yield { field, found: `${label} has ${field.shown} for ${name} in its ${bound}`, fix };
    }
  }
  for (const [name, field] of resources.at("requests").entries) {
    const request = sizeOf(field);
    const limit = sizeOf(resources.at("limits", name));
    if (request === undefined || limit === undefined || request <= limit) continue;
    const found = `${label} requests ${field.shown} of ${name}, above its limit of ${resources.at("limits", name).shown}`;
    yield { field, found, fix: "lower the request or raise the limit" };
  }
}
