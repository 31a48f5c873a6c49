import { z } from "zod";
import { dnsLabel, stringMap, tolerations } from "./values";

/** Nodes with GPUs; a stack that says nothing of them has none. */
export const gpuSchema = z.strictObject({
  resourceName: z
    .string()
    .regex(/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/, "the name of a device plugin's resource")
    .default("nvidia.com/gpu")
    .describe("Resource of the device plugin that a pod asks for"),
  nodeSelector: stringMap.optional().describe("Labels of the nodes"),
  tolerations: tolerations.optional().describe("Taints of the nodes"),
  runtimeClassName: dnsLabel.optional().describe("Class of the container runtime that knows the devices"),
});
