import { join } from "node:path";
import type { Environment } from "../environment";
import { project, type Layout } from "../layout";
import { endAbandonedProviders } from "./abandoned-providers";
import { releaseAbandonedLocks } from "./locks";
import { relocatedSettings, selectStack, type Stack } from "./stack";
import { bringBackState } from "./state-file";
import { isUnfinished } from "./unfinished-update";

/**
 * Makes a stack of the embedded environment ready to be worked on, even after a Pulumi that was killed; makes it if it
 * is new.
 *
 * @throws UserError if another Pulumi works on it, or the passphrase does not fit.
 */
export async function openStack({ layout, pulumi }: Environment, name: string): Promise<Stack> {
  const found = { layout, pulumi, project, name };
  const { isOlder } = await takeOver(found);
  await selectStack(found);
  // A new stack's settings have got the salt of its passphrase by now.
  return { ...found, configFile: settingsElsewhere(layout, name), isOlder };
}

/**
 * Takes a stack over from a Pulumi that may have been killed: ends what it left, brings a state back that it cut off, and
 * sees whether it wrote what it did.
 *
 * @throws UserError if another Pulumi works on the stack.
 */
export async function takeOver(stack: Stack): Promise<Stack> {
  await endKilledPulumi(stack);
  const broughtBack = bringBackState(stack);
  if (broughtBack !== undefined) console.log(broughtBack);
  return { ...stack, isOlder: broughtBack !== undefined || isUnfinished(stack) };
}

/**
 * Removes what a Pulumi that was killed left of itself: its lock, and providers that go on with what it asked them for.
 *
 * @throws UserError if another Pulumi works on the stack.
 */
async function endKilledPulumi(stack: Stack): Promise<void> {
  if (await releaseAbandonedLocks(stack)) console.log("Removed the lock of a pulumi that was killed.");
  await endAbandonedProviders(stack.layout);
}

/** The committed settings name `.local`; an environment elsewhere gets a copy that names its own place. */
function settingsElsewhere(layout: Layout, name: string): string | undefined {
  if (layout.directory === join(project, ".local")) return undefined;
  return relocatedSettings(layout, join(project, `Pulumi.${name}.yaml`), name);
}
