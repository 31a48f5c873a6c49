import { z } from "zod";
import { blockHolds, isEverywhere } from "./rule/address-block";
import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { matchesAny } from "./rule/glob";
import { qualifiedName, types } from "./rule/kubernetes-object";
import { defineRule, noSettings, type Finding } from "./rule/rule";
import { isEmptySelector } from "./rule/selector";

/** Where clouds serve the credentials of a node, by IPv4 and on AWS by IPv6. */
const metadataAddresses = ["169.254.169.254", "fd00:ec2::254"];
const metadataPort = 80;

const patterns = z.array(z.string());

/** Only the edge is for everybody. */
export const narrowIngress = defineRule({
  name: "narrow-ingress",
  severity: "high",
  description: "No network policy lets everybody in, except those of the edge.",
  rationale:
    "A rule without peers, or for all addresses, or for all namespaces, undoes the default-deny beside it: every pod of the cluster reaches the port, and so does what has broken into one.",
  remedy:
    "Name the pods and namespaces that connect, in from. What the world may reach goes through the edge.",
  levels: advisoryInDev,
  settings: z.strictObject({
    edges: patterns.default(["*/ambassador", "*/nginx-rtmp"]).meta({
      description:
        "Network policies, as namespace/name, that may let everybody in; * stands for any characters",
    }),
  }),
  type: types.networkPolicy,
  *judge(resource, { settings }) {
    if (matchesAny(settings.edges, qualifiedName(resource))) return;
    for (const rule of resource.fields.at("spec", "ingress").items) {
      const from = rule.at("from");
      if (rule.isUnknown || from.isUnknown) continue;
      const fix = "name the pods and namespaces that connect, in from";
      if (from.items.length === 0)
        yield { field: from, found: "the rule has no peers, which means everybody", fix };
      for (const peer of from.items) {
        const cidr = peer.at("ipBlock", "cidr");
        if (isEverywhere(cidr.text ?? ""))
          yield { field: cidr, found: `the rule is for ${cidr.shown}, which is everybody`, fix };
        const namespaces = peer.at("namespaceSelector");
        if (!namespaces.isAbsent && isEmptySelector(namespaces) && isEmptySelector(peer.at("podSelector")))
          yield { field: namespaces, found: "the rule is for all pods of all namespaces", fix };
      }
    }
  },
});

/** Pods reach what they were told of, and never the credentials of their node. */
export const narrowEgress = defineRule({
  name: "narrow-egress",
  severity: "high",
  description:
    "No network policy lets pods out to everywhere on every port, or to the metadata service of the cloud.",
  rationale:
    "An algo that is broken into sends what it reads wherever it can. At 169.254.169.254, clouds hand the credentials of the node to whoever asks, so that one request forged through a webhook is enough.",
  remedy:
    "Name the ports, and leave out link-local addresses: except 169.254.0.0/16 below 0.0.0.0/0, and fd00:ec2::254/128 (or fc00::/7) below ::/0.",
  levels: advisoryInDev,
  settings: noSettings,
  type: types.networkPolicy,
  *judge({ fields }) {
    for (const rule of fields.at("spec", "egress").items) yield* judgeEgress(rule);
  },
});

/** The world enters where somebody meant it to. */
export const knownEntrances = defineRule({
  name: "known-entrances",
  severity: "high",
  description: "No Service opens a way into the cluster, except those on the list.",
  rationale:
    "A LoadBalancer or a NodePort goes round the edge, and with it round TLS, rate limits and the checks of callers. With external addresses (CVE-2020-8554), a Service takes the traffic of others.",
  remedy:
    "Make the Service a ClusterIP and route to it through Ambassador. What must be an entrance is named in the setting entrances of this rule; those of Kafka are there, since a client must reach the very broker that leads a partition, and its network policy says from where.",
  levels: advisoryInDev,
  settings: z.strictObject({
    entrances: patterns
      .default(["*/ambassador-edge", "*/nginx-rtmp-edge", "*/kafka-broker-*-external"])
      .meta({
        description:
          "Services, as namespace/name, that may be reached from outside; * stands for any characters",
      }),
    requireSourceRanges: z.boolean().default(false).meta({
      description: "Whether an entrance must also say which addresses may use it (loadBalancerSourceRanges)",
    }),
  }),
  type: types.service,
  *judge(resource, { settings }) {
    const spec = resource.fields.at("spec");
    const kind = spec.at("type");
    const external = spec.at("externalIPs");
    if (external.items.length > 0)
      yield { field: external, found: `the Service takes ${external.shown} for itself`, fix: "leave it out" };
    if (kind.text !== "LoadBalancer" && kind.text !== "NodePort") return;
    if (!matchesAny(settings.entrances, qualifiedName(resource))) {
      const fix = "set it to ClusterIP, or name the Service in the setting entrances of this rule";
      yield { field: kind, found: `the Service is a ${kind.text}, a way into the cluster`, fix };
    }
    const ranges = spec.at("loadBalancerSourceRanges");
    if (!settings.requireSourceRanges || kind.text !== "LoadBalancer" || ranges.isUnknown) return;
    if (ranges.items.length === 0 || ranges.texts.some(isEverywhere)) {
      const fix = "list the address blocks of those who may";
      yield { field: ranges, found: `the load balancer serves everybody (${ranges.shown})`, fix };
    }
  },
});

function* judgeEgress(rule: Field): Iterable<Finding> {
  const to = rule.at("to");
  const ports = rule.at("ports");
  if (rule.isUnknown || to.isUnknown || ports.isUnknown) return;
  const isAllPorts = ports.items.length === 0;
  if (to.items.length === 0) {
    const fix = "name the peers in to";
    yield { field: to, found: "the rule has no peers, which means every address", fix };
    return;
  }
  for (const peer of to.items) {
    const block = peer.at("ipBlock");
    const cidr = block.at("cidr");
    if (isAllPorts && isEverywhere(cidr.text ?? "")) {
      const found = `the rule is for ${cidr.shown} on every port`;
      yield { field: rule.at("ports"), found, fix: "name the ports" };
    }
    if (isAllPorts || ports.items.some(isMetadataPort)) yield* judgeMetadata(block);
  }
}

function* judgeMetadata(block: Field): Iterable<Finding> {
  const except = block.at("except");
  if (except.isPartlyUnknown) return;
  for (const address of metadataAddresses) {
    if (!blockHolds(block.at("cidr").text ?? "", address)) continue;
    if (except.texts.some((part) => blockHolds(part, address))) continue;
    yield {
      field: except,
      found: `the rule lets pods ask ${address}, where the cloud serves the credentials of the node`,
      fix: `leave ${address.includes(":") ? `${address}/128` : "169.254.0.0/16"} out, in except`,
    };
  }
}

function isMetadataPort(entry: Field): boolean {
  const { number } = entry.at("port");
  if (entry.at("protocol").text === "UDP") return false;
  if (number === undefined) return entry.at("port").isAbsent;
  const last = entry.at("endPort").number ?? number;
  return number <= metadataPort && metadataPort <= last;
}
