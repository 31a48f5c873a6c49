import type {
  AlgoComponentPlan,
  ComponentPlan,
  DataConnectorPlan,
  PipelinePlan,
  RoutePlan,
  TopicPlan,
} from "../model/plan/plan";
import { counted } from "./counted";
import { outputInWords } from "./topic-purpose";
import { rolloutInWords } from "./rollout-in-words";

/** What a node of the picture is. */
export type NodeKind = "outside" | "component" | "topic" | "storage";

/** A node of the picture. */
export interface GraphNode {
  /** Letters and digits. */
  readonly id: string;
  readonly kind: NodeKind;
  /** What is written in it. */
  readonly lines: readonly string[];
}

/** An arrow of the picture: the way that messages go. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Name of the output or input. */
  readonly label?: string;
  /** Not the way of a message itself, but of its bytes in object storage. */
  readonly isAside?: boolean;
}

/** A pipeline as a picture: what flows from where to where. */
export interface PipelineGraph {
  readonly title: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The picture of a plan; the same for the same plan. */
export function pipelineGraph(plan: PipelinePlan): PipelineGraph {
  const ids = new NodeIds(plan);
  const parts: readonly Part[] = [
    entrances(plan, ids),
    { nodes: plan.components.map((component) => componentNode(component, ids)), edges: [] },
    // Kafka Connect's own topics are no way of a message.
    ...plan.topics.filter(({ purpose }) => purpose !== "connect").map((topic) => topicPart(topic, ids)),
    exits(plan, ids),
    systems(plan, ids),
    storage(plan, ids),
  ];
  return {
    title: plan.id,
    nodes: parts.flatMap(({ nodes }) => nodes),
    edges: parts.flatMap(({ edges }) => edges),
  };
}

interface Part {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Short ids: names of components and topics have characters that no notation takes. */
class NodeIds {
  private readonly components: readonly string[];
  private readonly topics: readonly string[];

  constructor(plan: PipelinePlan) {
    this.components = plan.components.map(({ name }) => name);
    this.topics = plan.topics.map(({ name }) => name);
  }

  component(name: string): string {
    return `component${this.components.indexOf(name) + 1}`;
  }

  topic(name: string): string {
    return `topic${this.topics.indexOf(name) + 1}`;
  }
}

/** A route to the pipeline's own endpoint, and what it shares with other deployments. */
function routeWay(
  { protocol, hostname, prefix, headers, target }: RoutePlan,
  routes: readonly RoutePlan[],
): { readonly lines: readonly string[]; readonly to: string } {
  const sharing = routes.filter((other) => other.protocol === protocol && other.hostname === hostname);
  return {
    lines: [
      protocol === "http" ? `HTTP ${prefix}` : `gRPC ${prefix}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...sharing.flatMap((other) => rolloutInWords(other) ?? []),
    ],
    to: target.component,
  };
}

function entrances({ routes, components }: PipelinePlan, ids: NodeIds): Part {
  const ways = [
    ...routes.filter(({ role }) => role.kind === "own").map((route) => routeWay(route, routes)),
    ...components.flatMap((component) =>
      component.kind === "endpoint"
        ? component.paths.flatMap(({ stream }) =>
            stream === undefined ? [] : [{ lines: [`RTMP ${stream}`], to: component.name }],
          )
        : [],
    ),
  ];
  return {
    nodes: ways.map(({ lines }, index) => ({ id: `way${index + 1}`, kind: "outside", lines })),
    edges: ways.map(({ to }, index) => ({ from: `way${index + 1}`, to: ids.component(to) })),
  };
}

function componentNode(component: ComponentPlan, ids: NodeIds): GraphNode {
  return {
    id: ids.component(component.name),
    kind: "component",
    lines: [...titleOf(component), replicasInWords(component)],
  };
}

function titleOf(component: ComponentPlan): readonly string[] {
  switch (component.kind) {
    case "endpoint":
      return ["Endpoint"];
    case "eventHook":
      return ["EventHook"];
    case "dataConnector":
      return [connectorReference(component), component.connector.type];
    case "algo":
      return [algoReference(component), component.executor];
  }
}

/** An algo as pipes name it. */
export function algoReference({ algo }: AlgoComponentPlan): string {
  return `${algo.owner}/${algo.name}:${algo.version}[${algo.index}]`;
}

/** A data connector as pipes name it. */
export function connectorReference({ connector }: DataConnectorPlan): string {
  return `${connector.name}:${connector.versionTag}[${connector.index}]`;
}

/** `3 replicas`, or `2 to 6 replicas`. */
export function replicasInWords({ replicas, autoscaling }: ComponentPlan): string {
  if (autoscaling === undefined) return counted(replicas, "replica");
  return `${autoscaling.minReplicas} to ${counted(autoscaling.maxReplicas, "replica")}`;
}

function topicPart(topic: TopicPlan, ids: NodeIds): Part {
  const id = ids.topic(topic.name);
  const copies =
    topic.replicationFactor === undefined ? [] : [counted(topic.replicationFactor, "copy", "copies")];
  const lines = [topic.name, counted(topic.partitions, "partition"), ...copies];
  return {
    nodes: [{ id, kind: "topic", lines }],
    edges: [
      { from: ids.component(topic.producedBy.component), to: id, label: outputInWords(topic) },
      ...topic.consumedBy.map(({ component, port }) => ({
        from: id,
        to: ids.component(component),
        label: port,
      })),
    ],
  };
}

function exits({ components }: PipelinePlan, ids: NodeIds): Part {
  const ways = components.flatMap((component) =>
    component.kind === "eventHook"
      ? component.webhooks.map(({ verb, url, input }) => ({ from: component.name, verb, url, input }))
      : [],
  );
  return {
    nodes: ways.map(({ verb, url }, index) => ({
      id: `webhook${index + 1}`,
      kind: "outside",
      lines: [`${verb} ${hostOf(url)}`],
    })),
    edges: ways.map(({ from, input }, index) => ({
      from: ids.component(from),
      to: `webhook${index + 1}`,
      label: input,
    })),
  };
}

/** The systems that data connectors bring data from, or take data to. */
function systems({ components }: PipelinePlan, ids: NodeIds): Part {
  const ways = components.flatMap((component) =>
    component.kind === "dataConnector"
      ? component.network.egress.flatMap((egress) =>
          egress.to === "external"
            ? [{ component: component.name, type: component.connector.type, egress }]
            : [],
        )
      : [],
  );
  return {
    nodes: ways.map(({ egress: { host, port } }, index) => ({
      id: `system${index + 1}`,
      kind: "outside",
      lines: [`${host}:${port}`],
    })),
    edges: ways.map(({ component, type }, index) => {
      const [system, connector] = [`system${index + 1}`, ids.component(component)];
      return type === "Source" ? { from: system, to: connector } : { from: connector, to: system };
    }),
  };
}

/** Where a URL leads, without what may be secret in it: a user, a path, a query. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

function storage({ storageBucket }: PipelinePlan, ids: NodeIds): Part {
  if (storageBucket === undefined) return { nodes: [], edges: [] };
  const { name, writers, readers } = storageBucket;
  const id = "bucket";
  return {
    nodes: [{ id, kind: "storage", lines: [`bucket ${name}`] }],
    edges: [
      ...writers.map((writer) => ({ from: ids.component(writer), to: id, isAside: true })),
      ...readers.map((reader) => ({ from: id, to: ids.component(reader), isAside: true })),
    ],
  };
}
