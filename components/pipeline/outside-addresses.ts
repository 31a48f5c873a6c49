import { isIP } from "node:net";
import type * as k8s from "@pulumi/kubernetes";
import type { EgressPlan } from "../../pipelines/model/plan/plan";
import type { NetworkAddress } from "../platform-services";
import { namespacePeer } from "../workload/network-policy";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type OutsideEgress = Extract<EgressPlan, { readonly host: string }>;

/**
 * The internet without what is nobody else's: private networks (RFC 1918, RFC 6598, RFC 4193), loopback, and
 * link-local addresses, where clouds serve the credentials of a node.
 */
const publicInternet: readonly Peer[] = [
  {
    ipBlock: {
      cidr: "0.0.0.0/0",
      except: [
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
      ],
    },
  },
  { ipBlock: { cidr: "::/0", except: ["::1/128", "fc00::/7", "fe80::/10"] } },
];

/** `service.namespace.svc`, with or without the cluster's domain. */
const serviceName = /^[^.]+\.(?<namespace>[^.]+)\.svc(?:\.|$)/;

/**
 * Where webhooks, issuers of tokens and the systems of data connectors are, as network policies can say it. A policy
 * knows addresses and no names, so a host name opens its
 * port to the whole public internet; an address opens itself; a Service of the cluster opens its namespace, with all
 * ports, since a policy sees the port of the pod behind the Service. A receiver on a private network must therefore
 * be given by address.
 */
export function outsideAddresses(receivers: readonly OutsideEgress[]): readonly NetworkAddress[] {
  const publicPorts = new Set<number>();
  const others = new Map<string, NetworkAddress>();
  for (const { host, port } of receivers) {
    // In URLs, an IPv6 address stands in brackets.
    const address = host.replace(/^\[|\]$/g, "");
    const namespace = serviceName.exec(host)?.groups?.namespace;
    if (isIP(address) !== 0) {
      others.set(`${address} ${port}`, { peers: [{ ipBlock: { cidr: blockOf(address) } }], ports: [port] });
    } else if (namespace !== undefined) {
      others.set(namespace, { peers: [namespacePeer(namespace)], ports: [] });
    } else {
      publicPorts.add(port);
    }
  }
  const open: readonly NetworkAddress[] =
    publicPorts.size === 0 ? [] : [{ peers: publicInternet, ports: [...publicPorts].sort((a, b) => a - b) }];
  return [
    ...open,
    ...[...others].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, address]) => address),
  ];
}

function blockOf(address: string): string {
  return isIP(address) === 4 ? `${address}/32` : `${address}/128`;
}
