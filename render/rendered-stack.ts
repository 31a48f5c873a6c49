import * as pulumi from "@pulumi/pulumi";
import { qualifiedStack } from "../components/remote/read-platform-stack";
import { readConfig } from "../config";
import { readStackFile, stackNamesIn, stackOf } from "../stack-files";
import program from "../index";
import type { GeneratedValues } from "./generated-values";
import { kafkaLists } from "./kafka-lists";
import { isManifest, manifestFile, renderManifests, yamlText } from "./manifests";
import {
  recordProgram,
  type RecordedProgram,
  type RegisteredResource,
  type StackOutputs,
} from "./record-program";
import { project, takeStackConfig, type StackSecrets } from "./stack-config";

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
  /** Where the settings of stacks lie. @default the project */
  readonly folder?: string;
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
  return (await record(stack, standIns)).resources;
}

/** Records a stack; of one that uses the platform of another, that other one comes first. */
async function record(stack: string, standIns: StandIns): Promise<RecordedProgram<object>> {
  const { folder = project } = standIns;
  const platformStack = readStackFile(folder, stack)?.platformStack ?? "";
  const stacks = platformStack === "" ? {} : await outputsOf(platformStack, standIns);
  takeStackConfig(stack, standIns.secrets ?? ((key) => `${key}-secret`), folder);
  return recordProgram(() => program({ ...readConfig(folder), neededServices: [] }), {
    stack,
    stacks,
    ...(standIns.generated && { generated: standIns.generated }),
  });
}

/** What the stack of a platform would show, by its name as a StackReference states it. */
async function outputsOf(
  platformStack: string,
  standIns: StandIns,
): Promise<Readonly<Record<string, StackOutputs>>> {
  const name = stackOf(platformStack);
  if (!stackNamesIn(standIns.folder ?? project).includes(name))
    throw new pulumi.RunError(
      `algorun:platformStack: found ${JSON.stringify(platformStack)}, expected a stack whose settings lie here, ` +
        `as Pulumi.${name}.yaml: rendering reads no state, so it renders the platform's stack as well`,
    );
  const { result } = await record(name, standIns);
  const outputs = await new Promise<object>((resolve) => {
    pulumi.output(result).apply(resolve);
  });
  return { [qualifiedStack(platformStack)]: { ...outputs } };
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
