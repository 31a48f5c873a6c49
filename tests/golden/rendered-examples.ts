import { exampleSettings } from "../harness/example-settings";
import { resourcesByPipeline } from "../harness/pipeline-resources";
import { deployStack } from "../harness/whole-stack";
import { isManifest, renderManifests } from "./manifests";
import type { RenderedStack } from "./rendered-stack";

/**
 * Renders the examples for a stack that has what they need: a file of manifests for each pipeline, with its topics, its
 * rights and its Kubernetes objects. Generated passwords read `{name}-result`.
 */
export async function renderExamples(): Promise<RenderedStack> {
  const pipelines = resourcesByPipeline(await deployStack(exampleSettings));
  return Object.fromEntries(
    [...pipelines].map(([name, resources]) => [
      `${name}.yaml`,
      renderManifests(resources.filter(isManifest)),
    ]),
  );
}
