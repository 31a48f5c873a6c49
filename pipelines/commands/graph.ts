import { mermaidText } from "../view/mermaid";
import { pipelineGraph } from "../view/pipeline-graph";
import { svgText } from "../view/svg";
import { documentPaths, parseCommandLine, runCommand } from "./command-line";
import { namedPlan } from "./named-plan";

void runCommand(async () => {
  const { words, flags } = parseCommandLine(["svg"]);
  const [name = "", ...paths] = words;
  const graph = pipelineGraph(namedPlan(name, documentPaths(paths)));
  process.stdout.write(flags.has("svg") ? await svgText(graph) : mermaidText(graph));
  return 0;
});
