import { graphvizText } from "./graphviz";
import type { PipelineGraph } from "./pipeline-graph";

/**
 * A picture as SVG. Graphviz lays it out, compiled to WebAssembly: no browser and no installed program is needed, and
 * since it measures texts by tables of its own, the result is the same on every machine.
 */
export async function svgText(graph: PipelineGraph): Promise<string> {
  const { instance } = await import("@viz-js/viz");
  const viz = await instance();
  return viz.renderString(graphvizText(graph), { format: "svg" });
}
