import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../local/user-error";
import { renderStack } from "../render/rendered-stack";
import type { ManifestFiles } from "./whole-objects";

/** The stack that is linted when none is named. It has everything in the cluster, and uses every accepted finding. */
export const lintedStack = "staging";

/**
 * The manifests of a stack, as the program asks for them now.
 *
 * @throws UserError for mistakes in the name of the stack, its config or the documents
 */
export async function stackManifests(stack: string): Promise<ManifestFiles> {
  try {
    return (await renderStack(stack)).files;
  } catch (error) {
    if (error instanceof pulumi.RunError) throw new UserError(error.message);
    throw error;
  }
}
