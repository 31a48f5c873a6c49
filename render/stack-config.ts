import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { stackNamesIn } from "../stack-files";
import { knownNames } from "../pipelines/model/document/nearest-name";

/** Where the settings of this project's stacks lie. */
export const project = join(__dirname, "..");
const stackFileSchema = z.object({ config: z.record(z.string(), z.unknown()).default({}) });
const encrypted = z.strictObject({ secure: z.string() });

/** Values of secrets that a stack's file has encrypted, by config key with its prefix. */
export type StackSecrets = (key: string) => string;

/** Names of this project's stacks, sorted. */
export function stackNames(): readonly string[] {
  return stackNamesIn(project);
}

/**
 * Gives the program the config of a stack, as its file has it. The embedded environment is left out: nothing is
 * deployed, so nothing needs to be there.
 *
 * @param stack - name of the stack, whose settings lie in `Pulumi.{stack}.yaml`
 * @param secrets - stands for what only the stack's passphrase or key could read
 * @param folder - where its settings lie
 * @throws pulumi.RunError for a stack without a file
 */
export function takeStackConfig(stack: string, secrets: StackSecrets, folder = project): void {
  const stacks = stackNamesIn(folder);
  if (!stacks.includes(stack))
    throw new pulumi.RunError(`STACK: found ${JSON.stringify(stack)}, expected ${knownNames(stack, stacks)}`);
  const text = readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8");
  const { config } = stackFileSchema.parse(load(text));
  const values: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(config)) {
    if (key === "algorun:connections") continue;
    const isEncrypted = encrypted.safeParse(value).success;
    if (isEncrypted) secretKeys.push(key);
    values[key] = isEncrypted ? secrets(key) : configText(value);
  }
  pulumi.runtime.setAllConfig(values, secretKeys);
}

function configText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
