import { dump } from "js-yaml";
import type { RegisteredResource } from "../harness/deploy";

/** One YAML document for each resource, behind a comment with its type and logical name. */
export function renderManifests(resources: readonly RegisteredResource[]): string {
  return resources
    .map(
      ({ type, name, inputs }) =>
        `# ${type} ${name}\n${dump(inputs, { sortKeys: true, lineWidth: -1, noRefs: true })}`,
    )
    .join("---\n");
}

/** Whether a resource is worth a reviewer's eye: what only the program itself knows, and passwords, are not. */
export function isManifest({ type, custom }: RegisteredResource): boolean {
  return custom && !type.startsWith("pulumi:") && !type.startsWith("random:");
}
