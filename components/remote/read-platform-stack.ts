import * as pulumi from "@pulumi/pulumi";
import { parsePlatformOutput, type PlatformOutput } from "./platform-output";

/** An output, in clear either way. */
interface StackOutput {
  readonly value?: unknown;
  readonly secretValue?: unknown;
}

/** A stack as `organization/project/stack`; one without these is of this organization and project. */
export function qualifiedStack(stack: string): string {
  return stack.includes("/") ? stack : [pulumi.getOrganization(), pulumi.getProject(), stack].join("/");
}

/**
 * Reads the platform that another stack makes.
 *
 * @param stack - its name, or `organization/project/stack`
 * @throws pulumi.RunError for this very stack, for one that makes no platform, and for one of another version
 */
export async function readPlatformStack(stack: string): Promise<PlatformOutput> {
  const name = qualifiedStack(stack);
  if (name === qualifiedStack(pulumi.getStack()))
    throw new pulumi.RunError(
      `algorun:platformStack: found ${JSON.stringify(stack)}, which is this stack, ` +
        "expected another one; without the key this stack makes a platform: pulumi config rm algorun:platformStack",
    );
  const reference = new pulumi.StackReference("platform-stack", { name });
  const details: StackOutput = await reference.getOutputDetails("platform");
  return parsePlatformOutput(details.secretValue ?? details.value, stack);
}
