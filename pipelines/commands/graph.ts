import { mermaidText } from "../view/mermaid";
import { pipelineGraph } from "../view/pipeline-graph";
import { svgText } from "../view/svg";
import { meantPipelines, parseCommandLine, runCommand } from "./command-line";
import { namedPlan } from "./named-plan";

void runCommand(async () => {
  const commandLine = parseCommandLine(["svg"]);
  const { words, flags } = commandLine;
  const [name = "", ...paths] = words;
  const graph = pipelineGraph(namedPlan(name, meantPipelines(paths, commandLine)));
  process.stdout.write(flags.has("svg") ? await svgText(graph) : mermaidText(graph));
  return 0;
});
