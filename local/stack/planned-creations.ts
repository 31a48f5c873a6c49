import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson, readJson, writePrivate } from "../files";
import { UserError } from "../user-error";
import { askPulumi, configFlags, type PulumiStack } from "./stack";
import { resourceSchema, type StateResource } from "./stack-state";

const importSchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  logicalName: z.string().optional(),
  component: z.boolean().default(false),
});

/** A resource that an update would make, as `pulumi import` takes it. */
export type PlannedImport = z.infer<typeof importSchema>;

const fileSchema = z.looseObject({ resources: z.array(importSchema).default([]) });

const previewSchema = z.object({
  steps: z.array(z.looseObject({ op: z.string(), newState: resourceSchema.optional() })).default([]),
});

/** What an update would make. */
export interface PlannedCreations {
  /** All of it, as `pulumi import` takes it, with the names by which one refers to another. */
  readonly imports: z.infer<typeof fileSchema>;
  /** All of it, as a state takes it. */
  readonly resources: readonly StateResource[];
}

/**
 * Finds out what an update would make.
 *
 * @throws UserError if the program can't be previewed
 */
export async function plannedCreations(stack: PulumiStack): Promise<PlannedCreations> {
  return withPrivateFile(stack, async (file) => {
    const args = ["preview", "--json", "--import-file", file, "--stack", stack.name, ...configFlags(stack)];
    const preview = parseJson(await askPulumi(stack, args), previewSchema, "The preview of the stack");
    const imports = readJson(file, fileSchema);
    if (imports === undefined)
      throw new UserError("The preview of the stack has left no list of what it would make.");
    const resources = preview.steps.flatMap(({ op, newState }) =>
      op === "create" && newState !== undefined ? [newState] : [],
    );
    return { imports, resources };
  });
}

/**
 * Records resources that an update would make, and everything that they are part of.
 *
 * @param chosen each with its identifier, where it has one
 * @throws UserError if one can't be imported
 */
export async function importPlanned(
  stack: PulumiStack,
  { imports }: PlannedCreations,
  chosen: readonly PlannedImport[],
): Promise<void> {
  const components = imports.resources.filter(({ component }) => component);
  await withPrivateFile(stack, async (file) => {
    writePrivate(file, JSON.stringify({ ...imports, resources: [...components, ...chosen] }));
    const unattended = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    const options = ["--stack", stack.name, ...configFlags(stack)];
    await askPulumi(stack, ["import", "--file", file, ...unattended, ...options]);
  });
}

/** Passwords are in it: its folder is one that others can neither read nor guess. */
async function withPrivateFile<Result>(
  stack: PulumiStack,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(stack.layout?.temporary ?? tmpdir(), "algorun-import-"));
  try {
    return await use(join(folder, "resources.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
