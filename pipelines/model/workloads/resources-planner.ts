import type { z } from "zod";
import type { DocumentSource, PathStep, ProblemReport } from "../document/problem";
import type { GpuPlan, ResourcesPlan, RunnerPlacement, WorkloadPlan } from "../plan/plan";
import type { PipelineDefaults, PlatformFacts } from "../platform-facts";
import type { resourcesSchema } from "../schema/fields-schema";
import { containerSizes, resolveResources, type ContainerSize } from "../values/container-resources";
import { quantity } from "../values/quantity";
import { sortedByKey } from "../values/text";

/** The main containers of components, by the default that stands in for what no document states. */
export type ComponentContainer = Exclude<keyof PipelineDefaults, "runner">;

const defaultSizes: Readonly<Record<keyof PipelineDefaults, ContainerSize>> = {
  endpoint: "small",
  algo: "small",
  // Node alone takes 100 MiB.
  runner: "small",
  // Java, and the connector's plugins in it.
  dataConnector: "medium",
  eventHook: "small",
};

/** Of the container that registers a connector, which does one small thing and ends. */
export const helperResources: ResourcesPlan = containerSizes.tiny;

/** Where resources are stated, and what stands in for them. */
interface ResourcesContext {
  readonly container: ComponentContainer;
  readonly facts: PlatformFacts;
  readonly source: DocumentSource;
  readonly at: readonly PathStep[];
  readonly report: ProblemReport;
}

/** Resources of a component's main container, complete, and where they come from. */
export function planResources(
  stated: z.output<typeof resourcesSchema> | undefined,
  { container, facts, source, at, report }: ResourcesContext,
): Pick<WorkloadPlan, "resources" | "resourcesBecause"> {
  if (stated !== undefined) {
    checkRequests(stated, source, at, report);
    const resources = resolveResources({ requests: texts(stated.requests), limits: texts(stated.limits) });
    return { resources, resourcesBecause: "stated" };
  }
  const ofStack = facts.pipelineDefaults?.[container];
  return ofStack === undefined
    ? { resources: containerSizes[defaultSizes[container]], resourcesBecause: "default" }
    : { resources: resolveResources(ofStack), resourcesBecause: "stack" };
}

/** Resources of the container with AlgoRun's runner; undefined when there is none. */
export function runnerResources(
  runner: RunnerPlacement,
  { pipelineDefaults }: PlatformFacts,
): ResourcesPlan | undefined {
  switch (runner) {
    case "sidecar":
      return resolveResources(pipelineDefaults?.runner ?? defaultSizes.runner);
    case "copied":
      return containerSizes.small;
    case "none":
      return undefined;
  }
}

/** Resources with GPUs in requests and limits. */
export function withGpu(resources: ResourcesPlan, gpu: GpuPlan | undefined): ResourcesPlan {
  if (gpu === undefined) return resources;
  const devices = { [gpu.resourceName]: String(gpu.count) };
  return {
    requests: sortedByKey({ ...resources.requests, ...devices }),
    limits: sortedByKey({ ...resources.limits, ...devices }),
  };
}

function checkRequests(
  { requests, limits }: z.output<typeof resourcesSchema>,
  source: DocumentSource,
  at: readonly PathStep[],
  report: ProblemReport,
): void {
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && quantity(request) > quantity(limit)) {
      const message = `found ${request}, expected at most the limit of ${limit}`;
      report.error(source, [...at, "requests", name], message);
    }
  }
}

function texts(quantities: Readonly<Record<string, string | number>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [name, String(value)]));
}
