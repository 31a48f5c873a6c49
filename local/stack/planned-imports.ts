import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writePrivate } from "../files";
import { UserError } from "../user-error";
import { askPulumi, configFlags, type PulumiStack } from "./stack";

const resourceSchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  logicalName: z.string().optional(),
  component: z.boolean().default(false),
});

/** A resource that an update would make, as `pulumi import` takes it. */
export type PlannedImport = z.infer<typeof resourceSchema>;

const fileSchema = z.looseObject({ resources: z.array(resourceSchema).default([]) });

/**
 * Records resources that an update would make, and everything that they are part of.
 *
 * @param choose gives each as it is to be imported, with its identifier where it has one.
 * @returns those that were chosen.
 * @throws UserError if the program can't be previewed, or a resource can't be imported.
 */
export async function importPlanned(
  stack: PulumiStack,
  choose: (planned: readonly PlannedImport[]) => Promise<readonly PlannedImport[]>,
): Promise<readonly PlannedImport[]> {
  // Passwords are in it: a folder that others can neither read nor guess.
  const folder = mkdtempSync(join(stack.layout?.temporary ?? tmpdir(), "algorun-import-"));
  const file = join(folder, "resources.json");
  const options = ["--stack", stack.name, ...configFlags(stack)];
  try {
    writePrivate(file, "{}");
    await askPulumi(stack, ["preview", "--import-file", file, ...options]);
    const planned = readJson(file, fileSchema);
    if (planned === undefined)
      throw new UserError("The preview of the stack has left no list of what it would make.");
    const chosen = await choose(planned.resources);
    if (chosen.length === 0) return [];
    const components = planned.resources.filter(({ component }) => component);
    writePrivate(file, JSON.stringify({ ...planned, resources: [...components, ...chosen] }));
    const unattended = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    await askPulumi(stack, ["import", "--file", file, ...unattended, ...options]);
    return chosen;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
