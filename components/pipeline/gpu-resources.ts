import type { GpuPlan } from "../../pipelines/model/plan/plan";
import {
  resolveResources,
  type ContainerResources,
  type ContainerSize,
} from "../workload/container-resources";

/** Resources with the GPUs of a plan in requests and limits; without GPUs they stay as they are. */
export function withGpu(
  resources: ContainerSize | ContainerResources,
  gpu: GpuPlan | undefined,
): ContainerSize | ContainerResources {
  if (gpu === undefined) return resources;
  const { requests, limits } = resolveResources(resources);
  const devices = { [gpu.resourceName]: String(gpu.count) };
  return { requests: { ...requests, ...devices }, limits: { ...limits, ...devices } };
}
