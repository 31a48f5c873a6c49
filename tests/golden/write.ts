import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RenderedFiles } from "../../render/rendered-stack";
import { goldenStacks, renderGolden } from "./golden-stacks";
import { renderExamples } from "./rendered-examples";
import { renderViews } from "./rendered-views";

async function main(): Promise<void> {
  // One after the other: Pulumi's mocks are one for the process.
  for (const stack of goldenStacks) write(stack, await renderGolden(stack));
  write("examples", await renderExamples());
  write("views", await renderViews());
}

function write(name: string, rendered: RenderedFiles): void {
  const folder = join(__dirname, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [file, content] of Object.entries(rendered)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  console.log(`Rendered ${name}: read the differences with git diff tests/golden/${name}.`);
}

void main();
