import { z } from "zod";
import { parseJson } from "../files";
import { identifierOf, topicType } from "./identifiers";
import { askPulumi, configFlags, type PulumiStack } from "./stack";
import {
  readState,
  recordedUrns,
  resourceSchema,
  titleOf,
  writeCorrected,
  type StackState,
  type StateResource,
} from "./stack-state";

const previewSchema = z.object({
  steps: z.array(z.looseObject({ op: z.string(), newState: resourceSchema.optional() })).default([]),
});

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
 * @throws UserError if the program can't be previewed
 */
export async function recordExisting(stack: PulumiStack): Promise<readonly string[]> {
  const args = ["preview", "--json", "--stack", stack.name, ...configFlags(stack)];
  const preview = parseJson(await askPulumi(stack, args), previewSchema, "The preview of the stack");
  const planned = preview.steps.flatMap(({ op, newState }) =>
    op === "create" && newState !== undefined && keptTypes.includes(newState.type) ? [newState] : [],
  );
  const state = await readState(stack);
  const added = recordable(state, planned);
  if (added.length === 0) return [];
  const { deployment } = state;
  const resources = [...(deployment.resources ?? []), ...added];
  const recorded = await writeCorrected(stack, { ...state, deployment: { ...deployment, resources } });
  return added
    .filter(({ urn }) => recorded.has(urn))
    .map(({ urn }) => `${titleOf(urn)}: was there, with its data, and is recorded now`);
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
