import { identifierOf, topicType } from "./identifiers";
import { begunResources } from "./unfinished-update";
import type { PlannedCreations } from "./planned-creations";
import type { PulumiStack } from "./stack";
import {
  readState,
  recordedUrns,
  titleOf,
  writeCorrected,
  type StackState,
  type StateResource,
} from "./stack-state";

/**
 * What an update does not take over as it finds it: Kafka refuses a topic that is there, and a StatefulSet's claims are
 * fields that belong to whoever made it.
 */
const keptTypes: readonly string[] = [topicType, "kubernetes:apps/v1:StatefulSet"];

/**
 * Records topics and StatefulSets that an update would make although they are there, such as after an older state was
 * brought back: they hold data, and nothing may delete them. All else that an update makes, it takes over as it finds it.
 *
 * @returns a line for each that was found
 */
export async function recordExisting(
  stack: PulumiStack,
  { resources: toBeMade }: PlannedCreations,
): Promise<readonly string[]> {
  const planned = toBeMade.filter(({ type }) => keptTypes.includes(type));
  const state = await readState(stack);
  const added = [...recordable(state, planned), ...leftBehind(state, begunResources(stack), toBeMade)];
  if (added.length === 0) return [];
  const { deployment } = state;
  const resources = [...(deployment.resources ?? []), ...added];
  const recorded = await writeCorrected(stack, { ...state, deployment: { ...deployment, resources } });
  return added
    .filter(({ urn }) => recorded.has(urn))
    .map(({ urn }) => `${titleOf(urn)}: was there, and is recorded now`);
}

/**
 * What an update that was killed may have made, and the next would neither find in the state nor make, such as of a
 * document that is gone since: as a state takes it, for the next update to remove.
 */
export function leftBehind(
  state: StackState,
  begun: readonly StateResource[],
  toBeMade: readonly StateResource[],
): readonly StateResource[] {
  const known = new Set([...recordedUrns(state), ...toBeMade.map(({ urn }) => urn)]);
  const providers = state.deployment.resources?.filter(({ type }) => type.startsWith("pulumi:providers:"));
  return begun.flatMap((resource) => {
    const id = identifierOf(resource);
    const provider = providers?.find(({ urn }) => resource.provider?.startsWith(`${urn}::`) === true);
    if (id === undefined || provider?.id === undefined || known.has(resource.urn)) return [];
    const { urn, type, custom, inputs, retainOnDelete } = resource;
    const reference = `${provider.urn}::${provider.id}`;
    // Its component is not recorded, and is not made again.
    return [{ urn, type, custom, inputs, retainOnDelete, id, provider: reference, outputs: {} }];
  });
}

/** Resources as a state takes them: those whose parent and provider it has, with no reference that leads nowhere. */
export function recordable(state: StackState, planned: readonly StateResource[]): readonly StateResource[] {
  const known = recordedUrns(state);
  const references = new Set(state.deployment.resources?.map(({ urn, id = "" }) => `${urn}::${id}`));
  return planned.flatMap((resource) => {
    const { parent = "", provider = "" } = resource;
    const id = identifierOf(resource);
    if (id === undefined || known.has(resource.urn) || !known.has(parent) || !references.has(provider))
      return [];
    // What it depends on may not be there yet; the next update tells it anew.
    const withoutDependencies = { ...resource, dependencies: undefined, propertyDependencies: undefined };
    return [{ ...withoutDependencies, id, outputs: {} }];
  });
}
