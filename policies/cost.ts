import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { matchesAny } from "./rule/glob";
import { podTemplatesOf, type PodTemplate } from "./rule/pod-templates";
import { sizeOf } from "./rule/quantity";
import { defineRule } from "./rule/rule";

/** What is limited can also be had. */
export const boundedOvercommit = defineRule({
  name: "bounded-overcommit",
  severity: "low",
  description: "No container's limit is more than so many times its request.",
  rationale:
    "The scheduler fills a node by requests. Where limits are many times as high, a busy hour is settled by the kernel: CPU runs short for all, and for memory somebody is killed, not always the one who took it.",
  remedy:
    "Raise the request to what the program needs under load, or lower the limit; for memory, make them equal.",
  levels: advisoryInDev,
  settings: z.strictObject({
    maximumCpuRatio: z.number().min(1).default(25).meta({ description: "Limit of CPU over its request" }),
    maximumMemoryRatio: z
      .number()
      .min(1)
      .default(2)
      .meta({ description: "Limit of memory over its request" }),
  }),
  *judge(resource, { settings }) {
    const ratios: Readonly<Record<string, number>> = {
      cpu: settings.maximumCpuRatio,
      memory: settings.maximumMemoryRatio,
    };
    for (const { containers, isWhole } of podTemplatesOf(resource)) {
      if (!isWhole) continue;
      for (const { label, fields } of containers) {
        for (const [name, ratio] of Object.entries(ratios)) {
          const [limit, request] = [
            fields.at("resources", "limits", name),
            fields.at("resources", "requests", name),
          ];
          const [most, least] = [sizeOf(limit), sizeOf(request)];
          if (most === undefined || least === undefined || least <= 0 || most <= least * ratio) continue;
          const found = `${label} may take ${limit.shown} of ${name} and requests ${request.shown}, more than ${ratio} times as much`;
          yield { field: limit, found, fix: "raise the request, or lower the limit" };
        }
      }
    }
  },
});

/** GPUs are for those who use them, and they get there. */
export const placedGpus = defineRule({
  name: "placed-gpus",
  severity: "medium",
  description:
    "Pods that ask for GPUs are allowed onto nodes that have them, and pods that do not ask keep off these nodes.",
  rationale:
    "Nodes with GPUs carry a taint, since they cost ten times as much. A pod that asks for a GPU and does not tolerate it waits for ever; one that tolerates it and asks for none keeps the node from those that need it.",
  remedy:
    "Set gpuEnabled in the document, and the config key gpu of the stack, from which toleration and node selector follow; leave them out of pods in general.",
  levels: advisoryInDev,
  settings: z.strictObject({
    resourceNames: z.array(z.string()).default(["*/gpu", "*/mig-*", "gpu.intel.com/*"]).meta({
      description: "Names of resources that are GPUs; * stands for any characters",
    }),
    taintKeys: z.array(z.string()).default(["*/gpu"]).meta({
      description: "Keys of taints that nodes with GPUs carry; * stands for any characters",
    }),
  }),
  *judge(resource, { settings }) {
    for (const pod of podTemplatesOf(resource)) {
      if (!pod.isWhole) continue;
      const asked = gpusOf(pod, settings.resourceNames);
      const { spec } = pod;
      const tolerations = spec.at("tolerations");
      if (tolerations.isPartlyUnknown) continue;
      const tolerated = tolerations.items.find((toleration) =>
        matchesAny(settings.taintKeys, toleration.at("key").text ?? ""),
      );
      const isPlaced = [spec.at("nodeSelector"), spec.at("affinity", "nodeAffinity")].some(
        (field) => !field.isAbsent,
      );
      if (asked !== undefined && tolerations.items.length === 0 && !isPlaced) {
        const fix = "set gpuEnabled in the document and the config key gpu, which place the pod";
        yield { field: asked, found: `the pod asks for a GPU and tolerates no taint`, fix };
      }
      if (asked === undefined && tolerated !== undefined) {
        const found = `the pod tolerates the taint ${tolerated.at("key").shown} of nodes with GPUs, and asks for none`;
        yield { field: tolerated, found, fix: "leave the toleration out" };
      }
    }
  },
});

/** The first field that asks for a GPU; undefined when none does. */
function gpusOf({ containers, spec }: PodTemplate, names: readonly string[]): Field | undefined {
  const amounts = [
    ...containers.map(({ fields }) => fields.at("resources", "limits")),
    spec.at("resources", "limits"),
  ];
  const claims = spec.at("resourceClaims");
  const asked = amounts
    .flatMap((limits) => limits.entries)
    .find(([name, amount]) => matchesAny(names, name) && (amount.isUnknown || (sizeOf(amount) ?? 0) > 0));
  return asked?.[1] ?? (claims.items.length > 0 || claims.isUnknown ? claims : undefined);
}
