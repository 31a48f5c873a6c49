import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { valuesFrom } from "./generated-values";
import { renderStack, type RenderedFiles } from "./rendered-stack";
import { writeRendered } from "./write-rendered";

/** Variable with the seed of all generated values. */
const seedVariable = "ALGORUN_RENDER_SEED";

/** `make render`: the manifests of a stack as files. */
async function main([stack = "", folder = ""]: readonly string[]): Promise<void> {
  const seed = process.env[seedVariable];
  const files = seed === undefined ? await withoutSecrets(stack) : await withSecrets(stack, seed);
  const target = folder === "" ? join("rendered", stack) : folder;
  writeRendered(target, files);
  console.log(`${Object.keys(files).length} files in ${target}`);
}

/** For reading, and for tools that bring the Secrets by themselves. */
async function withoutSecrets(stack: string): Promise<RenderedFiles> {
  const { files } = await renderStack(stack);
  const isSecret = (file: string): boolean => file.startsWith("secrets/");
  const secrets = Object.keys(files).filter(isSecret).length;
  console.log(`Secrets of ${secrets} files are left out: set ${seedVariable} to have them rendered as well.`);
  return Object.fromEntries(Object.entries(files).filter(([file]) => !isSecret(file)));
}

async function withSecrets(stack: string, seed: string): Promise<RenderedFiles> {
  if (seed.length < 32)
    throw new pulumi.RunError(
      `${seedVariable}: found ${seed.length} characters, expected at least 32 that nobody can guess: openssl rand -hex 32`,
    );
  const { files } = await renderStack(stack, { generated: valuesFrom(seed), secrets: fromVariable });
  return files;
}

/** `algorun:pullSecret` is in `ALGORUN_PULL_SECRET`. */
function fromVariable(key: string): string {
  const variable = key
    .replace(/[^A-Za-z]/g, "_")
    .replace(/(?<=[a-z])[A-Z]/g, "_$&")
    .toUpperCase();
  const value = process.env[variable];
  if (value !== undefined) return value;
  throw new pulumi.RunError(
    `${key} is encrypted in the stack's file: set the variable ${variable} to its value`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof pulumi.RunError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
