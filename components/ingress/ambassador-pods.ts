import type * as k8s from "@pulumi/kubernetes";
import { imageReference, images, imageVersion } from "../images";
import type { NetworkAddress } from "../platform-services";
import type { DeploymentWorkloadArgs } from "../workload/deployment-workload";
import { podsOf } from "../workload/network-policy";
import type { ContainerArgs, PortArgs } from "../workload/pod-args";
import { httpProbe } from "../workload/probes";
import type { AmbassadorArgs } from "./ambassador-args";
import type { RateLimit } from "./rate-limit";

/** Suffix of the Service that the world comes to. */
export const edgeSuffix = "edge";

/** User that the files of Emissary's image belong to. */
const emissaryUserId = 8888;

const adminPort = 8877;

/** A port that it listens on for the world. */
export interface ListenerPort {
  readonly name: "http" | "https";
  readonly port: number;
  readonly servicePort: number;
  readonly protocol: "HTTP" | "HTTPS";
}

/** Ports for the world: the one for TLS only with a certificate. */
export function listenerPorts({ tls }: Pick<AmbassadorArgs, "tls">): readonly ListenerPort[] {
  const http = { name: "http", port: 8080, servicePort: 80, protocol: "HTTP" } as const;
  if (tls === undefined) return [http];
  return [http, { name: "https", port: 8443, servicePort: 443, protocol: "HTTPS" }];
}

/**
 * Names that the edge's certificate must hold for: its host name; or, where it answers to any, those by which it is
 * reached without a name of its own.
 */
export function edgeCertificateNames(name: string, namespace: string, hostname: string): readonly string[] {
  return hostname === "*" ? ["localhost", "127.0.0.1", `${name}-${edgeSuffix}.${namespace}.svc`] : [hostname];
}

/** The pods, as peers in their own namespace. */
export function selfPeer(name: string): k8s.types.input.networking.v1.NetworkPolicyPeer {
  return podsOf(name);
}

/** Every namespace that a {@link GuardedNamespace} made: pipelines, and the platform itself. */
const ownNamespaces: NetworkAddress = {
  peers: [{ namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "algo.run" } } }],
  ports: [],
};

/** The workload of Ambassador. */
export function ambassadorWorkload(
  name: string,
  args: AmbassadorArgs,
  limit: RateLimit | undefined,
): DeploymentWorkloadArgs {
  const edgePorts = listenerPorts(args);
  const image = args.image ?? imageReference(images.emissary);
  return {
    namespace: args.namespace,
    name,
    transform: args.transform,
    app: { name: "emissary-ingress", component: "gateway", version: imageVersion(image) },
    replicas: args.replicas ?? 2,
    userId: emissaryUserId,
    apiAccess: true,
    // Envoy gets twenty seconds to finish what is under way, after ten in which load balancers learn of the end.
    terminationGracePeriodSeconds: 45,
    tmpSizeLimit: "256Mi",
    containers: [emissaryContainer(args, image, edgePorts)],
    volumes: { "pod-info": { podFields: { labels: "metadata.labels" } } },
    services: [
      {
        suffix: edgeSuffix,
        ports: edgePorts.map((port) => port.name),
        type: "LoadBalancer",
        // Limits and logs are about clients, so their addresses must survive the way in.
        externalTrafficPolicy: "Local",
        ...args.service,
      },
      { suffix: "admin", ports: ["admin"] },
    ],
    egress: [...(args.upstreams ?? [ownNamespaces]), ...(limit === undefined ? [] : [limit.address])],
    ...(args.defaults && { defaults: args.defaults }),
    ...(args.observability && {
      podAnnotations: args.observability.scrapeAnnotations(adminPort, "/metrics"),
    }),
  };
}

function emissaryContainer(
  args: AmbassadorArgs,
  image: string,
  edgePorts: readonly ListenerPort[],
): ContainerArgs {
  const ports = edgePorts.map(({ name, port, servicePort }): PortArgs => ({
    name,
    port,
    servicePort,
    clients: "anyone",
  }));
  const startup = { periodSeconds: 5, failureThreshold: 60 };
  return {
    name: "emissary",
    image,
    env: {
      // It writes what it knows to its own folder unless told otherwise, and that one is read-only here.
      AMBASSADOR_CONFIG_BASE_DIR: "/tmp/ambassador",
      AMBASSADOR_DRAIN_TIME: "20",
    },
    fieldEnv: { AMBASSADOR_NAMESPACE: "metadata.namespace", HOST_IP: "status.hostIP" },
    ports: [...ports, { name: "admin", port: adminPort, clients: args.observability?.address.peers ?? [] }],
    probes: {
      liveness: httpProbe("admin", "/ambassador/v0/check_alive"),
      readiness: httpProbe("admin", "/ambassador/v0/check_ready"),
      startup: httpProbe("admin", "/ambassador/v0/check_alive", startup),
    },
    preStop: { sleep: { seconds: 10 } },
    resources: args.resources ?? "medium",
    mounts: [{ volume: "pod-info", path: "/tmp/ambassador-pod-info" }],
  };
}
