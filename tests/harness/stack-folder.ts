import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { recordStack } from "../../render/rendered-stack";
import type { RegisteredResource } from "./deploy";

/** Settings of a stack by key, without the project's prefix. */
export type StackSettings = Readonly<Record<string, unknown>>;

/** A folder with the settings of stacks, as a project has it. */
export class StackFolder {
  readonly path = mkdtempSync(join(tmpdir(), "algorun-stacks-"));

  /** @param stacks - settings by name of the stack */
  constructor(stacks: Readonly<Record<string, StackSettings>>) {
    for (const [stack, settings] of Object.entries(stacks)) {
      const config = Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [`algorun:${key}`, value]),
      );
      writeFileSync(join(this.path, `Pulumi.${stack}.yaml`), dump({ config }));
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/**
 * Records one of several stacks, by the program itself.
 *
 * @param stacks - settings of all of them, by name
 * @throws pulumi.RunError for mistakes
 */
export async function recordOneOf(
  stacks: Readonly<Record<string, StackSettings>>,
  stack: string,
): Promise<readonly RegisteredResource[]> {
  const folder = new StackFolder(stacks);
  try {
    return await recordStack(stack, { folder: folder.path });
  } finally {
    folder.remove();
  }
}
