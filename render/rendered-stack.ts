import { readConfig } from "../config";
import program from "../index";
import type { GeneratedValues } from "./generated-values";
import { kafkaLists } from "./kafka-lists";
import { isManifest, manifestFile, renderManifests, yamlText } from "./manifests";
import { recordProgram, type RegisteredResource } from "./record-program";
import { takeStackConfig, type StackSecrets } from "./stack-config";

/** Files of a rendered stack: contents by path. */
export type RenderedFiles = Readonly<Record<string, string>>;

/** What a stack would be made of. */
export interface RenderedStack {
  /**
   * Manifests in one file for each namespace and one for the whole cluster, Secrets in a folder of their own, lists for
   * Kafka, and a list for each other provider, without secrets.
   */
  readonly files: RenderedFiles;
  /** URNs of all resources, sorted. */
  readonly urns: readonly string[];
}

/** What stands for values that only an update or the stack's passphrase would give. */
export interface StandIns {
  /** Passwords and the like. @default their names */
  readonly generated?: GeneratedValues;
  /** Secrets of the stack's config. @default their keys */
  readonly secrets?: StackSecrets;
}

/**
 * Renders what a stack asks its providers for, by running the program itself: no cluster, no broker and no state is
 * looked at, and the same documents and config give the same files.
 *
 * @param stack - name of the stack, whose settings lie in `Pulumi.{stack}.yaml`
 * @throws pulumi.RunError for mistakes in config or documents
 */
export async function renderStack(stack: string, standIns: StandIns = {}): Promise<RenderedStack> {
  const resources = await recordStack(stack, standIns);
  return { files: filesOf(resources), urns: resources.map(({ urn }) => urn).sort() };
}

/**
 * All that a stack registers, as the program itself does.
 *
 * @param stack - name of the stack, whose settings lie in `Pulumi.{stack}.yaml`
 * @throws pulumi.RunError for mistakes in config or documents
 */
export async function recordStack(
  stack: string,
  standIns: StandIns = {},
): Promise<readonly RegisteredResource[]> {
  takeStackConfig(stack, standIns.secrets ?? ((key) => `${key}-secret`));
  const { resources } = await recordProgram(() => program({ ...readConfig(), neededServices: [] }), {
    stack,
    ...(standIns.generated && { generated: standIns.generated }),
  });
  return resources;
}

function filesOf(resources: readonly RegisteredResource[]): RenderedFiles {
  const manifests = groupBy(resources.filter(isManifest), manifestFile);
  const others = groupBy(
    resources.filter(isOther),
    ({ type }) => `${type.split(":")[0] ?? ""}/resources.yaml`,
  );
  const files = [
    ...[...manifests].map(([file, content]) => [file, renderManifests(content)] as const),
    ...Object.entries(kafkaLists(resources)),
    ...[...others].map(([file, content]) => [file, yamlText(content.map(plainResource))] as const),
  ];
  return Object.fromEntries(files.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** What is neither Kubernetes nor Kafka, such as a managed service of a cloud. */
function isOther({ type, custom }: RegisteredResource): boolean {
  return custom && !/^(pulumi|random|kubernetes|kafka):/.test(type);
}

/** A resource without its secrets, of which only the names of the arguments are told. */
function plainResource({ type, name, inputs, secrets }: RegisteredResource): object {
  const open = Object.entries(inputs).filter(([argument]) => !secrets.includes(argument));
  return {
    type,
    name,
    inputs: Object.fromEntries(open),
    ...(secrets.length > 0 && { secretInputs: secrets }),
  };
}

function groupBy(
  resources: readonly RegisteredResource[],
  keyOf: (resource: RegisteredResource) => string,
): ReadonlyMap<string, readonly RegisteredResource[]> {
  const groups = new Map<string, RegisteredResource[]>();
  for (const resource of resources) {
    const group = keyOf(resource);
    groups.set(group, [...(groups.get(group) ?? []), resource]);
  }
  return groups;
}
