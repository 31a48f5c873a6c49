import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { imageReference, images, imageVersion } from "../images";
import type { CertificateAuthority, NetworkAddress, RedisService, ScrapeService } from "../platform-services";
import type { ContainerResources } from "../workload/container-resources";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { ContainerArgs, VolumeArgs } from "../workload/pod-args";
import type { PodDefaults } from "../workload/pod-defaults";
import { httpProbe, tcpProbe } from "../workload/probes";
import { renderRateLimitConfig, type DeploymentLimits, type RateLimitPolicy } from "./rate-limit-config";
import { ownershipLabels } from "../workload/labels";

/** Arguments of {@link RateLimit}. */
export interface RateLimitArgs {
  readonly namespace: pulumi.Input<string>;
  /** Where counters are kept, so that all pods count together. */
  readonly redis: RedisService;
  /** @default 600 requests a minute for each client address and deployment */
  readonly policy?: RateLimitPolicy;
  /** Limits that deployments have of their own. @default none */
  readonly deployments?: DeploymentLimits;
  /** Who asks: the pods of the edge. */
  readonly clients: NetworkAddress["peers"];
  /** Number of pods. @default 2 */
  readonly replicas?: number;
  /** Full reference. @default the pinned envoyproxy/ratelimit */
  readonly image?: string;
  readonly resources?: ContainerResources;
  /** Who watches. @default nobody */
  readonly observability?: ScrapeService;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: DeploymentWorkloadArgs["transform"];
}

/** Ten a second, sustained: more than a person's client needs, less than hurts. */
export const defaultRateLimitPolicy: RateLimitPolicy = { requests: 600, unit: "minute" };

/** Port at which decisions are asked for, by gRPC. */
const grpcPort = 8081;
const metricsPort = 9090;
const runtimeFolder = "/etc/algorun/ratelimit";
/** Key of the Secret with the store's password, for which the program has only a variable. */
const storeLoginKey = "store-login";
/** Where the program finds the certificate authority of its store. */
const storeAuthority = {
  volume: "store-authority",
  folder: "/etc/algorun/store-authority",
  file: "ca.crt",
} as const;

/** Decides how many requests a client may send: Envoy's rate-limit service, with its counters in Redis. */
export class RateLimit extends Component {
  /** `name.namespace:port` as Ambassador calls it. */
  readonly service: pulumi.Output<string>;
  /** Where the edge's pods reach it. */
  readonly address: NetworkAddress;

  constructor(name: string, args: RateLimitArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ingress:RateLimit", name, opts);
    const image = args.image ?? imageReference(images.rateLimit);
    const secret = this.child(k8s.core.v1.Secret, "store", {
      metadata: {
        name: `${name}-store`,
        namespace: args.namespace,
        labels: { ...ownershipLabels },
      },
      stringData: { [storeLoginKey]: storeLogin(args.redis) },
    });
    const workload = new DeploymentWorkload(
      name,
      {
        namespace: args.namespace,
        app: { name: "ratelimit", component: "gateway", version: imageVersion(image) },
        ...(args.defaults && { defaults: args.defaults }),
        transform: args.transform,
        replicas: args.replicas ?? 2,
        containers: [container(args, image, secret)],
        volumes: {
          config: {
            files: {
              "config.yaml": renderRateLimitConfig(args.policy ?? defaultRateLimitPolicy, args.deployments),
            },
          },
          ...(args.redis.authority && { [storeAuthority.volume]: authorityVolume(args.redis.authority) }),
        },
        egress: [args.redis.address],
        rollOn: storeLogin(args.redis),
        ...(args.observability && {
          podAnnotations: args.observability.scrapeAnnotations(metricsPort, "/metrics"),
        }),
      },
      this.childOptions({ dependsOn: [secret] }),
    );
    this.service = pulumi.interpolate`${workload.name}.${workload.namespace}:${grpcPort}`;
    this.address = workload.address(["grpc"]);
    this.registerOutputs({ service: this.service });
  }
}

function container(args: RateLimitArgs, image: string, secret: k8s.core.v1.Secret): ContainerArgs {
  return {
    name: "ratelimit",
    image,
    command: ["/bin/ratelimit"],
    env: {
      ...rateLimitEnvironment(runtimeFolder),
      ...storeEnvironment(args.redis, storeAuthority.folder),
    },
    secretEnv: { REDIS_AUTH: { secret: secret.metadata.name, key: storeLoginKey } },
    ports: [
      { name: "grpc", port: grpcPort, clients: args.clients },
      { name: "http", port: 8080 },
      { name: "metrics", port: metricsPort, clients: args.observability?.address.peers ?? [] },
    ],
    probes: { liveness: tcpProbe("http"), readiness: httpProbe("http", "/healthcheck") },
    resources: args.resources ?? "small",
    mounts: [
      { volume: "config", path: `${runtimeFolder}/config` },
      ...(args.redis.authority === undefined
        ? []
        : [{ volume: storeAuthority.volume, path: storeAuthority.folder }]),
    ],
  };
}

function authorityVolume(authority: CertificateAuthority): VolumeArgs {
  const { file } = storeAuthority;
  return "pem" in authority
    ? { files: { [file]: authority.pem } }
    : { secret: authority.secretName, items: { "ca.crt": file } };
}

/** What logs in to the store, as the program takes it. */
function storeLogin({ username, password }: RedisService): pulumi.Output<string> {
  return pulumi.secret(username === undefined ? password : pulumi.interpolate`${username}:${password}`);
}

/**
 * Variables of the rate-limit service that say where its store is.
 *
 * @param authorityFolder - folder with the certificate authority, where the store has one of its own
 */
export function storeEnvironment(
  { endpoint, tls, authority }: Pick<RedisService, "endpoint" | "tls" | "authority">,
  authorityFolder: string,
): Record<string, pulumi.Input<string>> {
  return {
    REDIS_URL: endpoint,
    ...(tls && { REDIS_TLS: "true" }),
    ...(tls && authority && { REDIS_TLS_CACERT: `${authorityFolder}/${storeAuthority.file}` }),
  };
}

/**
 * Variables of the rate-limit service, but for the store's address and password.
 *
 * @param configFolder - folder whose subfolder `config` holds the configuration file
 */
export function rateLimitEnvironment(configFolder: string): Record<string, string> {
  return {
    CACHE_KEY_PREFIX: "ratelimit:",
    // The debug port shows the memory of the process; nobody outside the pod needs it.
    DEBUG_HOST: "127.0.0.1",
    LOG_FORMAT: "json",
    LOG_LEVEL: "warn",
    PROMETHEUS_ADDR: `:${metricsPort}`,
    REDIS_SOCKET_TYPE: "tcp",
    REDIS_TYPE: "SINGLE",
    // A mounted ConfigMap is a folder of links into hidden folders: look at the files, not at their ways of coming.
    RUNTIME_IGNOREDOTFILES: "true",
    RUNTIME_ROOT: configFolder,
    RUNTIME_WATCH_ROOT: "false",
    USE_PROMETHEUS: "true",
    USE_STATSD: "false",
  };
}
