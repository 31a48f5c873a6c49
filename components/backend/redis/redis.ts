import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { imageReference, images, type PinnedImage } from "../../images";
import type { NetworkAddress, RedisService } from "../../platform-services";
import type { RotatedSecret, SecretGeneration } from "../../secret-rotation";
import { resolveResources, type ContainerResources } from "../../workload/container-resources";
import { mebibytes } from "../../workload/mebibytes";
import type { PodDefaults } from "../../workload/pod-defaults";
import { execProbe, tcpProbe } from "../../workload/probes";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { probeUser, redisPort, renderRedisConfig, renderRedisUsers } from "./redis-config";

/** Share of the container's memory that data may take; the rest is for connections and for rewriting the file. */
const dataShare = 0.6;

/** Arguments of {@link Redis}. */
export interface RedisArgs {
  readonly namespace: pulumi.Input<string>;
  /** Who may connect. @default nobody */
  readonly clients?: NetworkAddress["peers"];
  /** @default images.valkey */
  readonly image?: PinnedImage;
  /** Size of the volume. @default "2Gi" */
  readonly storageSize?: string;
  /** Data may take 60 % of the memory. @default small: 100m to 1 CPU, 256Mi of memory */
  readonly resources?: ContainerResources;
  /** Of the clients' password. @default the first */
  readonly generation?: SecretGeneration;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/**
 * Redis, by way of Valkey: keeps what rate limiting counts. One replica with a file behind it: after a restart counters
 * go on where they were, and while it restarts the edge lets requests pass.
 */
export class Redis extends Component implements RedisService {
  /** `host:port` inside the cluster. */
  readonly endpoint: pulumi.Output<string>;
  /** Clients log in with it, and without a name; a secret. */
  readonly password: pulumi.Output<string>;
  readonly username = undefined;
  readonly tls = false;
  readonly caCertificate = undefined;
  readonly address: NetworkAddress;
  readonly nodes: { readonly workload: StatefulSetWorkload };

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Redis", name, opts);
    const password = this.generateSecret("password", { length: 40 }, args.generation);
    this.password = password.inUse;
    const workload = this.makeWorkload(args, password);
    this.endpoint = pulumi.interpolate`${workload.host()}:${redisPort}`;
    this.address = workload.address();
    this.nodes = { workload };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private makeWorkload(args: RedisArgs, { working }: RotatedSecret): StatefulSetWorkload {
    const image = args.image ?? images.valkey;
    const resources = resolveResources(args.resources, "small");
    const config = renderRedisConfig({
      port: redisPort,
      dataFolder: "/data",
      usersFile: "/etc/valkey/users/users.acl",
      maxMemory: Math.floor(mebibytes(resources.limits["memory"] ?? "") * dataShare),
    });
    const ping = `valkey-cli --no-auth-warning --user ${probeUser} --pass none ping | grep -q PONG`;
    return new StatefulSetWorkload(
      this.logicalName,
      {
        namespace: args.namespace,
        app: { name: "valkey", component: "cache", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        volumes: {
          config: { files: { "valkey.conf": config } },
          users: {
            secretFiles: {
              "users.acl": pulumi
                .all(working.map(({ value }) => value))
                .apply((passwords) => renderRedisUsers(...passwords)),
            },
          },
        },
        claims: { data: { size: args.storageSize ?? "2Gi" } },
        containers: [
          {
            name: "redis",
            image: imageReference(image),
            command: ["valkey-server", "/etc/valkey/config/valkey.conf"],
            ports: [{ name: "redis", port: redisPort, ...(args.clients && { clients: args.clients }) }],
            resources,
            mounts: [
              { volume: "config", path: "/etc/valkey/config" },
              { volume: "users", path: "/etc/valkey/users" },
              { volume: "data", path: "/data" },
            ],
            probes: {
              liveness: tcpProbe("redis"),
              // While the file is read at start, the server answers "loading" and must get no work.
              readiness: execProbe(["sh", "-c", ping]),
              startup: tcpProbe("redis", { failureThreshold: 30 }),
            },
          },
        ],
      },
      { parent: this },
    );
  }
}
