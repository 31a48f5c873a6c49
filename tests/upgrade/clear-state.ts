import { z } from "zod";
import { unmark } from "../../render/secret-marks";
import type { StackState } from "../../local/stack/stack-state";

const values = z.record(z.string(), z.unknown()).default({});

/** A resource of a state, with its secrets as they are. */
const clearResource = z.object({
  type: z.string(),
  urn: z.string(),
  id: z.string().default(""),
  inputs: values,
  outputs: values,
});

/** A resource of a state, with its secrets as they are. */
export type ClearResource = Readonly<z.infer<typeof clearResource>>;

/** The resources of a state that `pulumi stack export --show-secrets` printed, in the order in which they were made. */
export function clearResources({ deployment }: StackState): readonly ClearResource[] {
  return (deployment.resources ?? []).map((resource) => clearResource.parse(unmark(resource)));
}
