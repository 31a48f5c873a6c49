import { dump } from "js-yaml";
import { z } from "zod";
import type { RegisteredResource } from "./record-program";

const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

/** Whether a resource is an object of Kubernetes. */
export function isManifest({ type, custom }: RegisteredResource): boolean {
  return custom && type.startsWith("kubernetes:");
}

/**
 * The file that an object of Kubernetes belongs into: one for each namespace, one for the whole cluster, and the same
 * again for Secrets, which go other ways than the rest.
 */
export function manifestFile({ inputs }: RegisteredResource): string {
  const { kind, metadata } = manifestSchema.parse(inputs);
  const file = metadata.namespace === undefined ? "cluster.yaml" : `namespace-${metadata.namespace}.yaml`;
  return kind === "Secret" ? `secrets/${file}` : file;
}

/** One YAML document for each object, behind a comment with its type and logical name. */
export function renderManifests(resources: readonly RegisteredResource[]): string {
  return resources
    .map(({ type, name, inputs }) => `# ${type} ${name}\n${yamlText(withHyphens(inputs))}`)
    .join("---\n");
}

/** Plain YAML with sorted keys. */
export function yamlText(value: unknown): string {
  return dump(value, { sortKeys: true, lineWidth: -1, noRefs: true });
}

/** Extensions of schemas have hyphens in their names; Pulumi's have underscores, which its provider turns back. */
function withHyphens(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHyphens);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key.startsWith("x_kubernetes_") ? key.replaceAll("_", "-") : key,
      withHyphens(field),
    ]),
  );
}
