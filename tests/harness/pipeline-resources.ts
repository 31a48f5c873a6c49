import type { RegisteredResource } from "./deploy";

const pipelineType = "algorun:pipeline:Pipeline";

/** The resources of each pipeline, by the pipeline's name; what belongs to none is left out. */
export function resourcesByPipeline(
  resources: readonly RegisteredResource[],
): ReadonlyMap<string, readonly RegisteredResource[]> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const found = new Map<string, RegisteredResource[]>();
  for (const resource of resources) {
    const name = pipelineOf(resource, byUrn);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), resource]);
  }
  return found;
}

function pipelineOf(
  resource: RegisteredResource,
  byUrn: ReadonlyMap<string, RegisteredResource>,
): string | undefined {
  if (resource.type === pipelineType) return resource.name;
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  return parent && pipelineOf(parent, byUrn);
}
