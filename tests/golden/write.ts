import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderExamples } from "./rendered-examples";
import { renderViews } from "./rendered-views";
import { renderStack, type RenderedStack } from "./rendered-stack";

/** Stacks whose manifests are kept for review. */
export const goldenStacks = ["dev"];

async function main(): Promise<void> {
  // One after the other: Pulumi's mocks are one for the process.
  for (const stack of goldenStacks) write(stack, await renderStack(stack));
  write("examples", await renderExamples());
  write("views", await renderViews());
}

function write(name: string, rendered: RenderedStack): void {
  const folder = join(__dirname, name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const [file, content] of Object.entries(rendered)) writeFileSync(join(folder, file), content);
  console.log(`Rendered ${name}: read the differences with git diff tests/golden/${name}.`);
}

void main();
