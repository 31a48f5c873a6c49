import { z } from "zod";
import { parseJson } from "../files";
import { askPulumi, configFlags, type Stack } from "./stack";

const text = z.string().min(1);

/** A resource as Pulumi's state holds it; what is not named here is passed on as it is. */
const resourceSchema = z.looseObject({ urn: text, type: text, inputs: z.unknown().optional() });
type Resource = z.infer<typeof resourceSchema>;

/** A stack's state as `pulumi stack export` prints it. */
const stateSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z.array(z.looseObject({ type: text, resource: resourceSchema })).nullish(),
  }),
});
type State = z.infer<typeof stateSchema>;

const objectInputs = z.object({ metadata: z.object({ name: text, namespace: text.optional() }) });
const topicInputs = z.object({ name: text });

/**
 * Settles what an update that was killed had begun and not recorded: Pulumi would try to make
 * again what is there already, and fail. What may have been made is put down as made; a refresh
 * then corrects that by what is really there.
 */
export async function settleInterruptedUpdate(stack: Stack): Promise<void> {
  const selected = ["--stack", stack.name];
  const exported = await askPulumi(stack, ["stack", "export", ...selected]);
  const state = parseJson(exported, stateSchema, "The state of the stack");
  const pending = state.deployment.pending_operations?.length ?? 0;
  if (pending === 0) return;
  console.log(`The last update was interrupted: looking what became of ${pending} operations.`);
  await askPulumi(stack, ["stack", "import", ...selected], JSON.stringify(settled(state)));
  await askPulumi(stack, ["refresh", "--yes", "--skip-preview", ...selected, ...configFlags(stack)]);
}

/** The state without pending operations, and with the resources that these may have made. */
export function settled(state: State): State {
  const { resources, pending_operations: operations } = state.deployment;
  const known = new Set(resources?.map(({ urn }) => urn));
  const perhapsMade = (operations ?? []).flatMap(({ type, resource }) => {
    const id = type === "creating" && !known.has(resource.urn) ? identifierOf(resource) : undefined;
    return id === undefined ? [] : [{ ...resource, id, outputs: {} }];
  });
  const deployment = {
    ...state.deployment,
    resources: [...(resources ?? []), ...perhapsMade],
    pending_operations: [],
  };
  return { ...state, deployment };
}

/** What a resource that is being made will be called by its provider, where that follows from its inputs. */
function identifierOf({ type, inputs }: Resource): string | undefined {
  if (type === "kafka:index/topic:Topic") return topicInputs.safeParse(inputs).data?.name;
  if (!type.startsWith("kubernetes:")) return undefined;
  const metadata = objectInputs.safeParse(inputs).data?.metadata;
  return metadata?.namespace === undefined ? metadata?.name : `${metadata.namespace}/${metadata.name}`;
}
