import { renderStack, type RenderedFiles } from "../../render/rendered-stack";

/**
 * Stacks whose manifests are kept for review. They differ in the platform; of the pipelines one is enough to see what an
 * environment makes of them, and the definitions of Ambassador's kinds are the same everywhere.
 */
export const goldenStacks = ["dev", "kind", "staging", "prod"] as const;

/** The stack that is kept whole. */
const wholeStack = "dev";

/**
 * What is kept of a stack: its files as `make render` writes them, and the list of its URNs. Generated passwords read
 * `{name}-result`.
 */
export async function renderGolden(stack: string): Promise<RenderedFiles> {
  const { files, urns } = await renderStack(stack);
  const kept = Object.entries(files).filter(([file]) => stack === wholeStack || isKept(file));
  return { ...Object.fromEntries(kept), "urns.txt": `${urns.join("\n")}\n` };
}

function isKept(file: string): boolean {
  return /^(namespace-(algorun|algorun-acme-order-enrichment)\.yaml|(kafka|aws)\/.*)$/.test(file);
}
