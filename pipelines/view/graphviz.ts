import type { GraphEdge, GraphNode, NodeKind, PipelineGraph } from "./pipeline-graph";

const attributes: Readonly<Record<NodeKind, string>> = {
  outside: 'shape=box, style="rounded,dashed"',
  component: 'shape=box, style=filled, fillcolor="#e8f0fe"',
  topic: 'shape=cylinder, style=filled, fillcolor="#fef7e0"',
  storage: 'shape=folder, style=filled, fillcolor="#e6f4ea"',
};

/** A picture as text of a Graphviz graph. */
export function graphvizText({ title, nodes, edges }: PipelineGraph): string {
  const lines = [
    `graph [rankdir=LR, label=${quoted(title)}, labelloc=t, fontname="Helvetica"]`,
    'node [fontname="Helvetica", fontsize=11, margin="0.3,0.1"]',
    'edge [fontname="Helvetica", fontsize=10]',
    ...nodes.map(nodeText),
    ...edges.map(edgeText),
  ];
  return ["digraph {", ...lines.map((line) => `  ${line}`), "}", ""].join("\n");
}

function nodeText({ id, kind, lines }: GraphNode): string {
  return `${id} [label=${quoted(lines.join("\n"))}, ${attributes[kind]}]`;
}

function edgeText({ from, to, label, isAside }: GraphEdge): string {
  const style = isAside === true ? ", style=dashed" : "";
  return `${from} -> ${to} [label=${quoted(label ?? "")}${style}]`;
}

/** A quoted string of the DOT language, whose `\n` ends a line. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
