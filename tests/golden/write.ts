import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderStack } from "./rendered-stack";

/** Stacks whose manifests are kept for review. */
export const goldenStacks = ["dev"];

async function main(): Promise<void> {
  for (const stack of goldenStacks) {
    const folder = join(__dirname, stack);
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
    for (const [file, content] of Object.entries(await renderStack(stack)))
      writeFileSync(join(folder, file), content);
    console.log(`Rendered stack ${stack}: read the differences with git diff tests/golden/${stack}.`);
  }
}

void main();
