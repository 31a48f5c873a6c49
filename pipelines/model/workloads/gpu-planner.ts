import type { LinkedAlgo } from "../link/link";
import type { GpuPlan } from "../plan/plan";
import type { PlanContext } from "../plan-context";
import type { PathStep } from "../document/problem";

/** GPUs of a pod whose document asks for some and states no number. */
const defaultCount = 1;

/** The GPUs of an algo's pods; undefined when it asks for none, or can't have what it asks for. */
export function planGpu(linked: LinkedAlgo, context: PlanContext): GpuPlan | undefined {
  const { algo, algoSource, algoAt } = linked;
  if (!algo.gpuEnabled) {
    refuseStray(linked, context);
    return undefined;
  }
  const { gpu } = context.facts;
  if (gpu === undefined) {
    const message =
      "found true, but the platform has no GPUs: set algorun:gpu in the stack's config to say which nodes have some, or remove gpuEnabled to run the algo on CPU";
    context.report.error(algoSource, [...algoAt, "gpuEnabled"], message);
    return undefined;
  }
  refuseOthers(linked, gpu.resourceName, context);
  return { resourceName: gpu.resourceName, count: countOf(linked, gpu.resourceName, context) };
}

function countOf({ spec, at }: LinkedAlgo, resourceName: string, context: PlanContext): number {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  const list = limits[resourceName] === undefined ? "requests" : "limits";
  const stated = limits[resourceName] ?? requests[resourceName];
  if (stated === undefined) return defaultCount;
  const refuse = (message: string): void => {
    context.report.error(context.linked.source, [...at, "resources", list, resourceName], message);
  };
  if (!/^[1-9]\d*$/.test(String(stated))) refuse(`found ${stated}, expected a whole number from 1`);
  const request = requests[resourceName] ?? stated;
  if (String(request) !== String(stated)) {
    refuse(`found ${stated}, but requests says ${request}; GPUs can't be shared, so make them the same`);
  }
  return Number(stated);
}

/** GPUs in the resources of an algo that does not say that it uses any: its pods would miss the GPU nodes. */
function refuseStray({ spec, at, reference }: LinkedAlgo, context: PlanContext): void {
  for (const { name, path } of gpuQuantities(spec.resources, at)) {
    const message = `found ${name}, but ${reference} has no gpuEnabled: true; add it to the algo, or remove ${name}`;
    context.report.error(context.linked.source, path, message);
  }
}

function refuseOthers({ spec, at }: LinkedAlgo, resourceName: string, context: PlanContext): void {
  for (const { name, path } of gpuQuantities(spec.resources, at)) {
    if (name === resourceName) continue;
    const message = `found ${name}, expected ${resourceName}, which the platform's GPUs are`;
    context.report.error(context.linked.source, path, message);
  }
}

/** Quantities whose names device plugins use for GPUs, such as `amd.com/gpu`. */
function gpuQuantities(
  resources: LinkedAlgo["spec"]["resources"],
  at: readonly PathStep[],
): readonly { readonly name: string; readonly path: readonly PathStep[] }[] {
  return (["limits", "requests"] as const).flatMap((list) =>
    Object.keys(resources?.[list] ?? {})
      .filter((name) => /\/(gpu|mig-)/.test(name))
      .map((name) => ({ name, path: [...at, "resources", list, name] })),
  );
}
