import { z } from "zod";
import { dnsLabel, stringMap, text, tolerations } from "./values";

/** What the environment decides about every pod. */
export const podsSchema = z.strictObject({
  nodeSelector: stringMap.optional().describe("Labels that a node must have"),
  tolerations: tolerations.optional().describe("Taints of nodes that are no obstacle"),
  labels: stringMap.optional().describe("Labels of every object beside AlgoRun's own"),
  annotations: stringMap.optional().describe("Annotations of every object beside AlgoRun's own"),
  priorityClassName: dnsLabel.optional().describe("Priority class of every pod"),
  storageClass: text.optional().describe("Storage class of every volume"),
  imagePullPolicy: z
    .enum(["Always", "IfNotPresent"])
    .optional()
    .describe("When a node asks the registry; a cluster whose images were loaded by hand needs IfNotPresent"),
});
