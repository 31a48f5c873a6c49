import assert from "node:assert/strict";
import { z } from "zod";
import type { RegisteredResource } from "./deploy";

/** A Kubernetes object as far as specs look into all kinds alike. */
export const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});

/** A Kubernetes object. */
export type Manifest = z.infer<typeof manifestSchema>;

/** The Kubernetes objects among the resources. */
export function manifests(resources: readonly RegisteredResource[]): Manifest[] {
  return resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(({ inputs }) => manifestSchema.parse(inputs));
}

/** The one resource of a type and name. */
export function theResource(
  resources: readonly RegisteredResource[],
  type: string,
  name: string,
): RegisteredResource {
  const found = resources.filter((resource) => resource.type === type && resource.name === name);
  assert.equal(found.length, 1, `${type} ${name} is registered ${found.length} times`);
  const [resource] = found;
  assert.ok(resource);
  return resource;
}

/** The one Kubernetes object of a kind and name, checked against the shape that the spec needs. */
export function theManifest<Shape extends z.ZodType>(
  resources: readonly RegisteredResource[],
  kind: string,
  name: string,
  shape: Shape,
): z.infer<Shape> {
  const found = manifests(resources).filter(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  assert.equal(found.length, 1, `${kind} ${name} is there ${found.length} times`);
  return shape.parse(found[0]);
}
