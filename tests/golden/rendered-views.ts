import { anyPlatform, usualPlatform } from "../../pipelines/commands/any-platform";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import { explanation } from "../../pipelines/view/explanation";
import { mermaidText } from "../../pipelines/view/mermaid";
import { pipelineGraph } from "../../pipelines/view/pipeline-graph";
import { svgText } from "../../pipelines/view/svg";
import { tablesText } from "../../pipelines/view/table";
import type { RenderedFiles } from "../../render/rendered-stack";

/** What `make graph` and `make explain` show of each shipped document and each example. */
export async function renderViews(): Promise<RenderedFiles> {
  const { plans } = loadPlans(["pipelines/documents", "pipelines/examples"], anyPlatform);
  const files: Record<string, string> = {};
  for (const plan of plans) {
    const graph = pipelineGraph(plan);
    files[`${plan.id}.mmd`] = mermaidText(graph);
    files[`${plan.id}.svg`] = await svgText(graph);
    files[`${plan.id}.txt`] = tablesText(explanation(plan, usualPlatform([plan])));
  }
  return files;
}
