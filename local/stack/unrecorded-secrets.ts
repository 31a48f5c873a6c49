import { dirname, join } from "node:path";
import { z } from "zod";
import type { GeneratedValues } from "../../render/generated-values";
import type { RegisteredResource } from "../../render/record-program";
import { recordStack } from "../../render/rendered-stack";
import { parseJson } from "../files";
import { project } from "../layout";
import { run } from "../process/run";
import { childVariables } from "../variables";
import { filesObject, generatedValues } from "./generated-places";
import { importPlanned, plannedCreations, type PlannedCreations } from "./planned-creations";
import type { PulumiStack } from "./stack";
import { readState, replaceState, titleOf, type StackState } from "./stack-state";

const listSchema = z.object({ items: z.array(z.unknown()) });

/**
 * Records the passwords and the like that an update would generate although the cluster has them, such as after a state
 * was lost or an older one brought back: everybody who was told one goes on with it.
 *
 * @returns a line for each; none if there was none, and the plan still holds
 * @throws UserError if the program can't be previewed
 */
export async function recordSecrets(
  stack: PulumiStack,
  planned: PlannedCreations,
): Promise<readonly string[]> {
  const generated = planned.imports.resources.filter(isGenerated);
  if (generated.length === 0) return [];
  const { values, inputs } = await valuesInCluster(stack);
  const found = generated.flatMap((resource) => {
    const id = values.get(nameOf(resource));
    return id === undefined ? [] : [{ ...resource, id }];
  });
  if (found.length === 0) return [];
  await importPlanned(stack, planned, found);
  const state = asGenerated(
    await readState(stack),
    new Map(found.map((each) => [keyOf(each), inputs.get(keyOf(each)) ?? {}])),
  );
  await replaceState(stack, state);
  // What is to be found with them: their configuration is known now.
  const configured = await plannedCreations(stack);
  const providers = configured.imports.resources.filter(isProvider);
  if (providers.length > 0) await importPlanned(stack, configured, providers);
  const absent = generated.filter((resource) => !values.has(nameOf(resource)));
  return [
    ...found.map((resource) => `${keyOf(resource)}: the cluster's is kept, and is recorded now`),
    ...absent.map((resource) => `${keyOf(resource)}: no Secret has it; the next update generates another`),
  ];
}

const bridgeNote = "__pulumi_raw_state_delta";

/** The provider can't see with which arguments a value was generated; with others it would generate a new one. */
export function asGenerated(
  state: StackState,
  imported: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): StackState {
  const resources = state.deployment.resources?.map((resource) => {
    const inputs = imported.get(titleOf(resource.urn));
    if (inputs === undefined) return resource;
    // What the bridge of the provider has noted of the import describes other outputs; without it, it reads these.
    return { ...resource, inputs, outputs: { ...resource.outputs, ...inputs, [bridgeNote]: undefined } };
  });
  return { ...state, deployment: { ...state.deployment, resources } };
}

interface ClusterValues {
  /** By logical name. */
  readonly values: ReadonlyMap<string, string>;
  /** Arguments that they are generated with, by type and name. */
  readonly inputs: ReadonlyMap<string, RegisteredResource["inputs"]>;
}

async function valuesInCluster(stack: PulumiStack): Promise<ClusterValues> {
  const marks: GeneratedValues = { text: markOf, bytes: markOf };
  const folder = stack.configFile === undefined ? project : dirname(stack.configFile);
  const resources = await recordStack(stack.name, { folder, generated: marks });
  const generated = resources.filter(isGenerated);
  const env = stack.layout === undefined ? process.env : childVariables(stack.layout);
  const kubectl = stack.layout === undefined ? "kubectl" : join(stack.layout.bin, "kubectl");
  const listed = await run(kubectl, ["get", "secrets,configmaps", "--all-namespaces", "--output=json"], {
    env,
  });
  const { items } = parseJson(listed, listSchema, "The list of Secrets");
  return {
    values: generatedValues(
      resources.flatMap(({ inputs }) => filesObject(inputs) ?? []),
      items.flatMap((item) => filesObject(item) ?? []),
      new Map(generated.map(({ name }) => [name, markOf(name)])),
    ),
    inputs: new Map(generated.map((resource) => [keyOf(resource), resource.inputs])),
  };
}

function markOf(name: string): string {
  return `GENERATED-${Buffer.from(name).toString("hex")}-END`;
}

function isGenerated({ type }: { readonly type: string }): boolean {
  return type.startsWith("random:");
}

function isProvider({ type }: { readonly type: string }): boolean {
  return type.startsWith("pulumi:providers:");
}

function nameOf({
  name,
  logicalName,
}: {
  readonly name: string;
  readonly logicalName?: string | undefined;
}): string {
  return logicalName ?? name;
}

/** As {@link titleOf} says it. */
function keyOf(resource: {
  readonly type: string;
  readonly name: string;
  readonly logicalName?: string | undefined;
}): string {
  return `${resource.type.split(":").at(-1) ?? ""} ${nameOf(resource)}`;
}
