/** Quantities by resource name (`cpu`, `memory`, `ephemeral-storage`, …), in Kubernetes' notation. */
export interface ContainerResources {
  /** What the scheduler sets aside. */
  readonly requests?: Readonly<Record<string, string>>;
  /** What the container can't exceed. */
  readonly limits?: Readonly<Record<string, string>>;
}

/** Resources by a word, for containers whose needs nobody has stated. */
export type ContainerSize = "tiny" | "small" | "medium" | "large";

/** Requests and limits with nothing missing. */
export type ResolvedResources = Required<ContainerResources>;

/**
 * What each size means. The memory request is the limit, so that a pod is never evicted for memory that it was
 * promised; the CPU limit is a multiple of the request, since an idle core is no use to anybody.
 */
export const containerSizes: Readonly<Record<ContainerSize, ResolvedResources>> = {
  tiny: sized("10m", "200m", "64Mi", "64Mi"),
  small: sized("100m", "1", "256Mi", "256Mi"),
  medium: sized("250m", "2", "1Gi", "512Mi"),
  large: sized("500m", "4", "4Gi", "1Gi"),
};

/**
 * Completes requests and limits. A missing request is the limit, as in Kubernetes; a missing limit is the request;
 * where both are missing, the size decides.
 *
 * @param resources - as stated, or a size
 * @param size - what stands in for resources that are not stated
 */
export function resolveResources(
  resources: ContainerSize | ContainerResources | undefined,
  size: ContainerSize = "small",
): ResolvedResources {
  if (typeof resources === "string") return containerSizes[resources];
  const stated = { requests: resources?.requests ?? {}, limits: resources?.limits ?? {} };
  const names = new Set([stated.requests, stated.limits, containerSizes[size].limits].flatMap(Object.keys));
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const name of [...names].sort()) {
    const request = stated.requests[name] ?? stated.limits[name] ?? containerSizes[size].requests[name];
    const limit = stated.limits[name] ?? stated.requests[name] ?? containerSizes[size].limits[name];
    if (request !== undefined) requests[name] = request;
    if (limit !== undefined) limits[name] = limit;
  }
  return { requests, limits };
}

function sized(cpu: string, cpuLimit: string, memory: string, storage: string): ResolvedResources {
  return {
    requests: { cpu, "ephemeral-storage": storage, memory },
    limits: { cpu: cpuLimit, "ephemeral-storage": storage, memory },
  };
}
