import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { PinnedImage } from "../../images";
import type { CertificateAuthority, NetworkAddress, RedisService } from "../../platform-services";
import type { ContainerResources } from "../../workload/container-resources";
import type { RotatedSecret, SecretGeneration } from "../../secret-rotation";
import type { PodDefaults } from "../../workload/pod-defaults";
import type { ServerTls } from "../../workload/server-tls";
import { StatefulSetWorkload, type StatefulSetWorkloadArgs } from "../../workload/stateful-set-workload";
import { redisPort, type RedisPasswords } from "./redis-config";
import { redisServer, redisServerHost } from "./redis-server";

/** One of two servers. */
export type RedisServerName = "first" | "second";

/** Arguments of {@link Redis}. */
export interface RedisArgs {
  readonly namespace: pulumi.Input<string>;
  /** Who may connect. @default nobody */
  readonly clients?: NetworkAddress["peers"];
  /** @default images.valkey */
  readonly image?: PinnedImage;
  /** Number of servers; with two, one copies the other. @default 1 */
  readonly replicas?: 1 | 2;
  /** The server that clients write to; the other copies it. @default "first" */
  readonly primary?: RedisServerName;
  /** Lets only encrypted connections in. @default none: the network policy is what keeps others out */
  readonly tls?: ServerTls;
  /** Size of the volume of each server. @default "2Gi" */
  readonly storageSize?: string;
  /** Data may take 60 % of the memory. @default small: 100m to 1 CPU, 256Mi of memory */
  readonly resources?: ContainerResources;
  /** Of the clients' password. @default the first */
  readonly generation?: SecretGeneration;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what each server is made of. @default none */
  readonly transform?: StatefulSetWorkloadArgs["transform"];
}

/**
 * Redis, by way of Valkey: keeps what rate limiting counts. One server with a file behind it: after a restart counters
 * go on where they were, and while it restarts the edge lets requests pass. A second server copies the first, and takes
 * its place when the config says so. Each is a StatefulSet of its own: in a common one, a pod that is lost holds up the
 * change of the other, or else the way of managing pods would have to change, which replaces the StatefulSet.
 */
export class Redis extends Component implements RedisService {
  /** `host:port` inside the cluster, always of the server that takes writes. */
  readonly endpoint: pulumi.Output<string>;
  /** Clients log in with it, and without a name; a secret. */
  readonly password: pulumi.Output<string>;
  readonly username = undefined;
  readonly tls: boolean;
  readonly authority: CertificateAuthority | undefined;
  readonly address: NetworkAddress;
  readonly nodes: {
    readonly workload: StatefulSetWorkload;
    readonly second: StatefulSetWorkload | undefined;
  };

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:Redis", name, opts);
    const { replicas = 1, primary = "first" } = args;
    if (replicas === 1 && primary !== "first")
      throw new Error("primary of Redis: found second, expected first, since there is one server");
    const clients = this.generateSecret("password", { length: 40 }, args.generation);
    this.password = clients.inUse;
    this.nodes = replicas === 1 ? this.oneServer(args, clients) : this.twoServers(args, clients, primary);
    const { workload, second } = this.nodes;
    this.endpoint = pulumi.interpolate`${workload.host()}:${redisPort}`;
    this.tls = args.tls !== undefined;
    this.authority = args.tls && { secretName: args.tls.secretName };
    this.address = {
      peers: [workload, ...(second ? [second] : [])].flatMap((server) => server.address().peers),
      ports: [redisPort],
    };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private oneServer(redis: RedisArgs, clients: RotatedSecret): Redis["nodes"] {
    const passwords = valuesOf(clients).apply((working): RedisPasswords => ({ clients: working }));
    const server = redisServer({ redis, passwords });
    return {
      workload: new StatefulSetWorkload(this.logicalName, server, { parent: this }),
      second: undefined,
    };
  }

  /** The primary changes before its replica, so that both are never away at once, and none waits for one that is lost. */
  private twoServers(redis: RedisArgs, clients: RotatedSecret, primary: RedisServerName): Redis["nodes"] {
    const [first, second] = serverNames(this.logicalName);
    const replica = this.generateSecret("replica-password", { length: 40 }, redis.generation);
    const passwords = pulumi
      .all([valuesOf(clients), valuesOf(replica)])
      .apply(([ofClients, ofReplica]): RedisPasswords => ({ clients: ofClients, replica: ofReplica }));
    const primaryName = primary === "first" ? first : second;
    const make = (name: string, other: string, after?: StatefulSetWorkload): StatefulSetWorkload => {
      const part = { members: [name, other], primary: primaryName, hasService: name === first } as const;
      const dependsOn = after === undefined ? [] : [after.nodes.statefulSet];
      return new StatefulSetWorkload(name, redisServer({ redis, passwords, part }), {
        parent: this,
        dependsOn,
      });
    };
    if (primary === "first") {
      const workload = make(first, second);
      return { workload, second: make(second, first, workload) };
    }
    const promoted = make(second, first);
    return { workload: make(first, second, promoted), second: promoted };
  }
}

/** All passwords that work, the one in use first. */
function valuesOf({ working }: RotatedSecret): pulumi.Output<readonly string[]> {
  return pulumi.all(working.map(({ value }) => value));
}

/** Names of the two servers' objects. */
function serverNames(name: string): readonly [string, string] {
  return [name, `${name}-second`];
}

/**
 * Names that the certificate of a Redis with TLS must hold for, whichever server takes writes: that of the clients'
 * Service, and those by which the servers reach each other.
 *
 * @param name - name of its objects
 */
export function redisCertificateNames(name: string, namespace: string): readonly string[] {
  return [
    `${name}.${namespace}.svc`,
    ...serverNames(name).map((server) => redisServerHost(server, namespace)),
  ];
}
