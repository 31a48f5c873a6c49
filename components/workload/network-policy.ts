import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkAddress } from "../platform-services";
import { selectorLabels } from "./labels";
import type { PortArgs } from "./pod-args";
import { podPorts } from "./ports";
import type { WorkloadArgs } from "./workload-args";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type IngressRule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** The pods of a workload as a peer; without a namespace they are those in the policy's own. */
export function podsOf(name: string, namespace?: pulumi.Input<string>): Peer {
  const podSelector = { matchLabels: selectorLabels(name) };
  return namespace === undefined ? { podSelector } : { ...namespacePeer(namespace), podSelector };
}

/** All pods of a namespace as a peer. */
export function namespacePeer(namespace: pulumi.Input<string>): Peer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

/** Every address outside and inside, by IPv4 and IPv6. */
export const anywhere: readonly Peer[] = [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];

/** The API server: it has no pod to select, and its ports are these two wherever it runs. */
export const apiServerAddress: NetworkAddress = { peers: anywhere, ports: [443, 6443] };

/** The rule that lets pods ask the cluster's DNS, whose pods all distributions keep in kube-system. */
export function dnsRule(): EgressRule {
  return {
    to: [namespacePeer("kube-system")],
    ports: [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ],
  };
}

/** The rule that lets pods connect to an address; one without ports is reached at all of them. */
export function egressRule(address: NetworkAddress): EgressRule {
  const ports = address.ports.map((port) => ({ port, protocol: "TCP" }));
  return { to: [...address.peers], ...(ports.length === 0 ? {} : { ports }) };
}

/**
 * What the pods of a workload may do on the network: be reached at their ports by the ports' clients, ask DNS, and
 * reach what they are told of. All else is denied.
 */
export function networkPolicySpec(
  name: string,
  args: WorkloadArgs,
): k8s.types.input.networking.v1.NetworkPolicySpec {
  const egress = [...(args.egress ?? []), ...(args.apiAccess === true ? [apiServerAddress] : [])];
  return {
    podSelector: { matchLabels: selectorLabels(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress: ingressRules(name, podPorts(args)),
    egress: [dnsRule(), ...egress.filter(({ peers }) => peers.length > 0).map(egressRule)],
  };
}

/**
 * Kubernetes reads an empty list of peers as everybody, so a port without clients gets no rule; and some tools read an
 * empty list of rules as no policy, so pods that nobody may reach admit their own kind.
 */
function ingressRules(name: string, ports: readonly PortArgs[]): IngressRule[] {
  const rules = ports
    .filter(({ clients }) => clients === undefined || clients.length > 0)
    .map(({ port, protocol = "TCP", clients = [podsOf(name)] }) => ({
      ...(clients === "anyone" ? {} : { from: [...clients] }),
      ports: [{ port, protocol }],
    }));
  return rules.length === 0 ? [{ from: [podsOf(name)] }] : rules;
}
