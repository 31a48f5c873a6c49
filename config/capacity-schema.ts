import { z } from "zod";
import { count, quantity } from "./values";

/** Names that a ResourceQuota counts by, as far as pipelines take of it. */
const quotaName =
  /^(pods|persistentvolumeclaims|requests\.storage|(requests|limits)\.(cpu|memory|ephemeral-storage|[a-z0-9.-]+\/[A-Za-z0-9._-]+))$/;

const quotaLimits = z
  .record(
    z.string(),
    z.union([quantity, count(0)], "a Kubernetes quantity such as 500m or 10Gi, or a whole number"),
  )
  .check(({ value, issues }) => {
    for (const name of Object.keys(value).filter((key) => !quotaName.test(key))) {
      const message =
        "a name that a ResourceQuota counts by: pods, persistentvolumeclaims, requests.storage, or requests. or limits. before cpu, memory, ephemeral-storage or a device such as nvidia.com/gpu";
      issues.push({ code: "custom", input: name, path: [name], message });
    }
  })
  .meta({
    id: "quotaLimits",
    description:
      "Limits by the names of a ResourceQuota, such as `{pods: 60, requests.cpu: 16, requests.nvidia.com/gpu: 4}`",
  });

const brokerLimits = z.strictObject({
  partitions: count(1)
    .optional()
    .describe("Most partitions, copies included; without it more than 4000 are a warning"),
  storage: quantity
    .optional()
    .describe("Most bytes of topics whose load is stated; without it the size of a broker's volume"),
});

/** What pipelines may take; what does not fit is refused before anything is made. */
export const capacitySchema = z.strictObject({
  eachPipeline: quotaLimits.optional().describe("Of each pipeline"),
  allPipelines: quotaLimits.optional().describe("Of all pipelines of the stack together"),
  eachBroker: brokerLimits.optional().describe("Of each of Kafka's brokers"),
});
