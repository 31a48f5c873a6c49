import { exampleSettings } from "../harness/example-settings";
import { resourcesByPipeline } from "../harness/pipeline-resources";
import { deployStack } from "../harness/whole-stack";
import { renderManifests } from "../../render/manifests";
import type { RegisteredResource } from "../../render/record-program";
import type { RenderedFiles } from "../../render/rendered-stack";

/**
 * Renders the examples for a stack that has what they need: a file of manifests for each pipeline, with its topics, its
 * rights and its Kubernetes objects. Generated passwords read `{name}-result`.
 */
export async function renderExamples(): Promise<RenderedFiles> {
  const pipelines = resourcesByPipeline(await deployStack(exampleSettings));
  return Object.fromEntries(
    [...pipelines].map(([name, resources]) => [
      `${name}.yaml`,
      renderManifests(resources.filter(isOfProvider)),
    ]),
  );
}

/** Whether a resource is worth a reviewer's eye: what only the program itself knows, and passwords, are not. */
function isOfProvider({ type, custom }: RegisteredResource): boolean {
  return custom && !type.startsWith("pulumi:") && !type.startsWith("random:");
}
