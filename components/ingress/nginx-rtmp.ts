import * as pulumi from "@pulumi/pulumi";
import { Component } from "../component";
import { imageReference, images, imageVersion } from "../images";
import type { MediaStreamService, NetworkAddress } from "../platform-services";
import type { SecretGeneration } from "../secret-rotation";
import type { ContainerResources } from "../workload/container-resources";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../workload/deployment-workload";
import type { ContainerArgs } from "../workload/pod-args";
import type { PodDefaults } from "../workload/pod-defaults";
import { httpProbe, tcpProbe } from "../workload/probes";
import type { ServiceArgs } from "../workload/workload-args";
import { renderNginxRtmpConfig, rtmpApplication } from "./nginx-rtmp-config";
import { publicHost } from "./public-host";
import { streamKey, type StreamRight } from "./stream-key";
import {
  renderStreamKeyCheckConfig,
  renderStreamKeyScript,
  streamKeyScript,
} from "./stream-key-check-config";

/** Arguments of {@link NginxRtmp}. */
export interface NginxRtmpArgs {
  readonly namespace: pulumi.Input<string>;
  /** Host name that senders use. @default what the load balancer was given */
  readonly hostname?: string;
  /** How senders reach it. @default a LoadBalancer */
  readonly service?: Pick<
    ServiceArgs,
    "annotations" | "externalTrafficPolicy" | "loadBalancerSourceRanges" | "type"
  >;
  /** Who may play streams. @default pods of namespaces labelled as part of AlgoRun */
  readonly clients?: NetworkAddress["peers"];
  /** Full reference. @default the pinned tiangolo/nginx-rtmp */
  readonly image?: string;
  /** Full reference of an nginx with its module for scripts. @default the pinned official nginx */
  readonly keyCheckImage?: string;
  /** Of the secret that all keys follow from. @default the first */
  readonly generation?: SecretGeneration;
  /** @default 250m to 2 CPU, 1Gi of memory */
  readonly resources?: ContainerResources;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: DeploymentWorkloadArgs["transform"];
}

const publishPort = 1935;
const playPort = 1936;
const statusPort = 8080;
const keyCheckPort = 8081;
const edgeSuffix = "edge";
const configFolder = "/etc/algorun/nginx-rtmp";
const secretFolder = "/etc/algorun/stream-keys";
/** Of the secret in use, and of the one before. */
const secretFiles = ["secret", "previous-secret"] as const;
const workFolder = "/tmp";

const pipelineNamespaces: NetworkAddress["peers"] = [
  { namespaceSelector: { matchLabels: { "app.kubernetes.io/part-of": "algo.run" } } },
];

/**
 * Takes media streams by RTMP, for endpoints to pull. Its configuration knows no pipeline: a stream is called
 * `{owner}.{name}.{path}`, and each endpoint pulls its own. A second nginx in the pod checks the keys of senders and
 * players, since the one with RTMP can compute none. There is a single pod, since a stream lives in the process that
 * receives it.
 */
export class NginxRtmp extends Component implements MediaStreamService {
  readonly publishAddress: pulumi.Output<string>;
  readonly internalAddress: pulumi.Output<string>;
  readonly address: NetworkAddress;
  /** What the keys of all streams are derived from; a secret. */
  readonly keySecret: pulumi.Output<string>;

  constructor(name: string, args: NginxRtmpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ingress:NginxRtmp", name, opts);
    const image = args.image ?? imageReference(images.nginxRtmp);
    const { inUse, working } = this.generateSecret(
      "stream-keys",
      { length: 32, keepers: { generation: "1" } },
      args.generation,
    );
    this.keySecret = inUse;
    const secrets = Object.fromEntries(working.map(({ value }, index) => [secretFiles[index] ?? "", value]));
    const workload = new DeploymentWorkload(
      name,
      {
        namespace: args.namespace,
        app: { name: "nginx-rtmp", component: "media-ingest", version: imageVersion(image) },
        containers: [nginxContainer(args, image), keyCheckContainer(args)],
        volumes: {
          config: { files: configFiles(Object.keys(secrets).map((file) => `${secretFolder}/${file}`)) },
          secret: { secretFiles: secrets },
        },
        services: [
          { suffix: edgeSuffix, ports: ["publish"], type: "LoadBalancer", ...args.service },
          { ports: ["play"] },
        ],
        ...(args.defaults && { defaults: args.defaults }),
        transform: args.transform,
      },
      this.childOptions(),
    );
    const host = publicHost(
      workload.nodes.services[edgeSuffix],
      args.hostname ?? "*",
      workload.host(edgeSuffix),
    );
    this.publishAddress = pulumi.interpolate`rtmp://${host}:${publishPort}/${rtmpApplication}`;
    this.internalAddress = pulumi.interpolate`rtmp://${workload.host()}:${playPort}/${rtmpApplication}`;
    this.address = workload.address(["play"]);
    this.registerOutputs({ publishAddress: this.publishAddress, internalAddress: this.internalAddress });
  }

  streamKey(right: StreamRight): pulumi.Output<string> {
    return pulumi.secret(this.keySecret.apply((secret) => streamKey(secret, right)));
  }
}

function configFiles([secret = "", previous]: readonly string[]): Readonly<Record<string, string>> {
  return {
    "nginx.conf": renderNginxRtmpConfig({ publishPort, playPort, statusPort, keyCheckPort, workFolder }),
    "stream-keys.conf": renderStreamKeyCheckConfig({
      port: keyCheckPort,
      scriptFolder: configFolder,
      workFolder,
    }),
    [streamKeyScript]: renderStreamKeyScript(secret, previous),
  };
}

/** Answers the RTMP server's questions, on the pod's loopback address alone. */
function keyCheckContainer(args: NginxRtmpArgs): ContainerArgs {
  return {
    name: "stream-keys",
    image: args.keyCheckImage ?? imageReference(images.nginx),
    command: ["nginx"],
    args: ["-e", "/dev/stderr", "-c", `${configFolder}/stream-keys.conf`],
    ports: [{ name: "keys", port: keyCheckPort }],
    probes: { liveness: tcpProbe("keys"), readiness: httpProbe("keys", "/healthz") },
    resources: "tiny",
    mounts: [
      { volume: "config", path: configFolder },
      { volume: "secret", path: secretFolder },
    ],
  };
}

function nginxContainer(args: NginxRtmpArgs, image: string): ContainerArgs {
  return {
    name: "nginx",
    image,
    command: ["nginx"],
    // Before it has read its configuration, nginx would log to a file that it can't open here.
    args: ["-e", "/dev/stderr", "-c", `${configFolder}/nginx.conf`],
    ports: [
      { name: "publish", port: publishPort, clients: "anyone" },
      { name: "play", port: playPort, clients: args.clients ?? pipelineNamespaces },
      { name: "status", port: statusPort },
    ],
    probes: { liveness: httpProbe("status", "/healthz"), readiness: tcpProbe("publish") },
    resources: args.resources ?? "medium",
    mounts: [{ volume: "config", path: configFolder }],
  };
}
