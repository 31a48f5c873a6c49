import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll, YAMLException } from "js-yaml";
import { z } from "zod";
import type { DeploymentSelection, SiblingStack } from "./pipelines/model/selection/deployment-selection";
import { settingsSchema } from "./config/settings-schema";

const { include, exclude, documents } = settingsSchema.shape;

/** Of a stack's file what says which pipelines it makes. */
const stackFileSchema = z
  .object({
    config: z
      .object({
        "algorun:platformStack": z.string().default(""),
        "algorun:include": include,
        "algorun:exclude": exclude,
        "algorun:documents": documents,
      })
      .prefault({}),
  })
  .transform(({ config }) => ({
    platformStack: config["algorun:platformStack"],
    include: config["algorun:include"],
    exclude: config["algorun:exclude"],
    documents: config["algorun:documents"],
  }));

/** Which pipelines a stack makes, and on whose platform. */
export interface StackFile extends DeploymentSelection {
  readonly documents: readonly string[];
  /** Empty when it makes a platform of its own. */
  readonly platformStack: string;
}

/** Names of the stacks whose settings lie in a folder, as `Pulumi.{stack}.yaml`, sorted. */
export function stackNamesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Which pipelines a stack makes.
 *
 * @returns undefined for a stack without a file there, and for a file with mistakes: whoever deploys it is told of them
 */
export function readStackFile(folder: string, stack: string): StackFile | undefined {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) return undefined;
  return stackFileSchema.safeParse(firstDocument(readFileSync(file, "utf8"))).data;
}

/** Of an empty file an empty document, and of broken YAML nothing. */
function firstDocument(text: string): unknown {
  try {
    return loadAll(text)[0] ?? {};
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/**
 * The other stacks in a folder that make pipelines on the platform of some stack, sorted. Only what lies in the folder can
 * be known. The platform's own stack is not among them: it tells by itself what it makes.
 *
 * @param platform - name of the stack that makes the platform
 * @param stack - the one that asks
 */
export function siblingStacks(folder: string, platform: string, stack: string): readonly SiblingStack[] {
  return stackNamesIn(folder)
    .filter((name) => name !== stack)
    .flatMap((name) => {
      const file = readStackFile(folder, name);
      if (file === undefined || stackOf(file.platformStack) !== stackOf(platform)) return [];
      return [{ stack: name, include: file.include, exclude: file.exclude }];
    });
}

/** The stack in `organization/project/stack`. */
export function stackOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
