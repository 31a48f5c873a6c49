import type { GraphEdge, GraphNode, NodeKind, PipelineGraph } from "./pipeline-graph";

const shapes: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  outside: ["([", "])"],
  component: ["[", "]"],
  topic: ["[(", ")]"],
  storage: ["[/", "/]"],
};

/** A picture as text of a Mermaid flowchart. */
export function mermaidText({ title, nodes, edges }: PipelineGraph): string {
  const lines = [...nodes.map(nodeText), ...edges.map(edgeText)].map((line) => `  ${line}`);
  return ["---", `title: ${title}`, "---", "flowchart LR", ...lines, ""].join("\n");
}

function nodeText({ id, kind, lines }: GraphNode): string {
  const [open, close] = shapes[kind];
  return `${id}${open}"${lines.map(escaped).join("<br>")}"${close}`;
}

function edgeText({ from, to, label, isAside }: GraphEdge): string {
  const arrow = isAside === true ? "-.->" : "-->";
  return `${from} ${arrow}${label === undefined ? "" : `|"${escaped(label)}"|`} ${to}`;
}

/** Mermaid has entities of its own: `#` begins one. */
function escaped(text: string): string {
  return text.replace(/[#"&<>`]/g, (character) => `#${character.codePointAt(0) ?? 0};`);
}
