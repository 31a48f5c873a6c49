import { z } from "zod";
import type { RegisteredResource } from "./deploy";
import { manifests } from "./manifests";
import { podTemplates } from "./pod-templates";

const selectorSchema = z.object({ matchLabels: z.record(z.string(), z.string()).optional() });

const peerSchema = z.object({
  podSelector: selectorSchema.optional(),
  namespaceSelector: selectorSchema.optional(),
  ipBlock: z.object({ cidr: z.string() }).optional(),
});

const portsSchema = z.array(z.object({ port: z.number(), protocol: z.string() })).optional();

const policySchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  spec: z.object({
    podSelector: selectorSchema,
    policyTypes: z.array(z.string()),
    ingress: z.array(z.object({ from: z.array(peerSchema).optional(), ports: portsSchema })).default([]),
    egress: z.array(z.object({ to: z.array(peerSchema).optional(), ports: portsSchema })).default([]),
  }),
});

type Peer = z.infer<typeof peerSchema>;
type Ports = z.infer<typeof portsSchema>;
type Labels = Readonly<Record<string, string>>;

/** The pods of one workload, to the network. */
export interface NetworkedPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/** A way from some pods to others that one of both sides has opened by name. */
export interface OpenedWay {
  readonly from: NetworkedPod;
  readonly to: NetworkedPod;
  readonly port: number;
}

/** Everything that the network policies among the resources say about the pods among them. */
export class Network {
  readonly pods: readonly NetworkedPod[];
  private readonly policies: readonly z.infer<typeof policySchema>[];
  private readonly namespaces: ReadonlyMap<string, Labels>;

  constructor(resources: readonly RegisteredResource[]) {
    const objects = manifests(resources);
    this.pods = podTemplates(resources).map(({ name, namespace = "", template }) => ({
      name,
      namespace,
      labels: template.metadata.labels,
    }));
    this.policies = objects
      .filter(({ kind }) => kind === "NetworkPolicy")
      .map((object) => policySchema.parse(object));
    this.namespaces = new Map(
      objects
        .filter(({ kind }) => kind === "Namespace")
        .map(({ metadata: { name = "", labels = {} } }) => [
          name,
          { ...labels, "kubernetes.io/metadata.name": name },
        ]),
    );
  }

  /** Ways that pods mean to go: out to pods that a rule selects by label. */
  meantWaysOut(): OpenedWay[] {
    return this.pods.flatMap((from) =>
      this.rules(from, "egress").flatMap(({ peers, ports }) =>
        this.named(from, peers).flatMap((to) => (ports ?? []).map(({ port }) => ({ from, to, port }))),
      ),
    );
  }

  /** Ways that pods mean others to come: in from pods that a rule selects by label. */
  meantWaysIn(): OpenedWay[] {
    return this.pods.flatMap((to) =>
      this.rules(to, "ingress").flatMap(({ peers, ports }) =>
        this.named(to, peers).flatMap((from) => (ports ?? []).map(({ port }) => ({ from, to, port }))),
      ),
    );
  }

  /** Rules that select pods by label, and find none. */
  strayPeers(): string[] {
    return this.pods.flatMap((pod) =>
      (["egress", "ingress"] as const).flatMap((direction) =>
        this.rules(pod, direction).flatMap(({ peers }) =>
          (peers ?? [])
            .filter(
              (peer) =>
                peer.podSelector !== undefined && !this.pods.some((to) => this.selects(peer, pod, to)),
            )
            .map((peer) => `${direction} of ${pod.namespace}/${pod.name}: ${JSON.stringify(peer)}`),
        ),
      ),
    );
  }

  /** Whether the sender's rules let it go this way. */
  lets(way: OpenedWay, side: "egress" | "ingress"): boolean {
    const [self, other] = side === "egress" ? [way.from, way.to] : [way.to, way.from];
    return this.rules(self, side).some(
      ({ peers, ports }) =>
        (ports === undefined || ports.some(({ port }) => port === way.port)) &&
        (peers === undefined || peers.some((peer) => this.selects(peer, self, other))),
    );
  }

  private rules(
    pod: NetworkedPod,
    side: "egress" | "ingress",
  ): { peers: Peer[] | undefined; ports: Ports }[] {
    return this.policies
      .filter(({ metadata }) => metadata.namespace === pod.namespace)
      .filter(({ spec }) => matches(spec.podSelector.matchLabels, pod.labels))
      .flatMap(({ spec }): { peers: Peer[] | undefined; ports: Ports }[] =>
        side === "egress"
          ? spec.egress.map(({ to, ports }) => ({ peers: to, ports }))
          : spec.ingress.map(({ from, ports }) => ({ peers: from, ports })),
      );
  }

  private named(self: NetworkedPod, peers: readonly Peer[] | undefined): NetworkedPod[] {
    return (peers ?? [])
      .filter((peer) => peer.podSelector !== undefined)
      .flatMap((peer) => this.pods.filter((pod) => this.selects(peer, self, pod)));
  }

  private selects(peer: Peer, self: NetworkedPod, pod: NetworkedPod): boolean {
    // Addresses of pods are among all addresses.
    if (peer.ipBlock !== undefined) return peer.ipBlock.cidr === "0.0.0.0/0";
    const inNamespace =
      peer.namespaceSelector === undefined
        ? pod.namespace === self.namespace
        : matches(peer.namespaceSelector.matchLabels, this.namespaces.get(pod.namespace) ?? {});
    return inNamespace && matches(peer.podSelector?.matchLabels, pod.labels);
  }
}

function matches(wanted: Labels | undefined, labels: Labels): boolean {
  return Object.entries(wanted ?? {}).every(([name, value]) => labels[name] === value);
}
