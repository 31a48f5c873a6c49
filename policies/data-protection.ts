import { z } from "zod";
import { advisoryInDev, disabledInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { types } from "./rule/kubernetes-object";
import { quantitySize, sizeOf } from "./rule/quantity";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";

/** Volumes outlive mistakes. */
export const retainedVolumes = defineRule({
  name: "retained-volumes",
  severity: "high",
  description: "Volumes stay when their StatefulSet is deleted or scaled down.",
  rationale:
    "A StatefulSet that is renamed, replaced or scaled to 0 by mistake is made again in a minute. Its volumes are not: with the policy Delete, Kubernetes deletes the disks of all brokers at once.",
  remedy:
    "Leave persistentVolumeClaimRetentionPolicy out, or set both of its fields to Retain; components/workload does so outside dev.",
  levels: disabledInDev,
  settings: noSettings,
  type: types.statefulSet,
  *judge({ fields }) {
    if (fields.at("spec", "volumeClaimTemplates").items.length === 0) return;
    const policy = fields.at("spec", "persistentVolumeClaimRetentionPolicy");
    for (const key of ["whenDeleted", "whenScaled"]) {
      const field = policy.at(key);
      if (field.text !== "Delete") continue;
      const found = `the volumes are deleted with the StatefulSet's pods (${key} is "Delete")`;
      yield { field, found, fix: "set it to Retain" };
    }
  },
});

/** Volumes are as large as somebody meant them to be. */
export const boundedVolumes = defineRule({
  name: "bounded-volumes",
  severity: "medium",
  description:
    "Every claim says how much it wants, within bounds, and where the setting asks for it, of which class.",
  rationale:
    "A zero too many is billed every month, and most storage can't be made smaller. The cluster's default class is another one in each cluster, with other disks, and often deletes what it released.",
  remedy:
    "Correct storageSize in the config key of the system, or size of the write-ahead log in the document; name the class in storageClass of the config key pods.",
  levels: advisoryInDev,
  settings: z.strictObject({
    maximumSize: z.string().default("2Ti").meta({ description: "The most that one claim may ask for" }),
    requireStorageClass: z.boolean().default(false).meta({
      description: "Whether every claim must name its class",
    }),
  }),
  *judge(resource, { settings }) {
    const maximum = quantitySize(settings.maximumSize) ?? Infinity;
    for (const claim of claimsOf(resource)) {
      const size = claim.at("resources", "requests", "storage");
      const bytes = sizeOf(size);
      if (!size.isUnknown && (bytes === undefined || bytes <= 0 || bytes > maximum)) {
        const found = `the claim asks for ${size.shown}, and ${settings.maximumSize} is the most`;
        yield { field: size, found, fix: "set it to what the data needs" };
      }
      const storageClass = claim.at("storageClassName");
      if (!settings.requireStorageClass || storageClass.isUnknown || (storageClass.text ?? "") !== "")
        continue;
      yield {
        field: storageClass,
        configKey: "pods",
        found: "the claim leaves its storage class to the cluster",
        fix: "set storageClass in the config key pods",
      };
    }
  },
});

/** Specifications of the claims that a resource makes. */
function claimsOf({ type, fields }: Resource): readonly Field[] {
  if (type === types.persistentVolumeClaim) return [fields.at("spec")];
  if (type !== types.statefulSet) return [];
  return fields.at("spec", "volumeClaimTemplates").items.map((claim) => claim.at("spec"));
}
