import {
  ParameterGroup,
  ReplicationGroup,
  SubnetGroup,
  type ReplicationGroupArgs,
} from "@pulumi/aws/elasticache";
import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../../aws/aws-account";
import { ClientSecurityGroup } from "../../aws/client-security-group";
import { Component, type Transform } from "../../component";
import type { NetworkAddress, RedisService } from "../../platform-services";
import { firstGeneration, type SecretGeneration } from "../../secret-rotation";
import { redisPort } from "./redis-config";

/** What a stack decides about ElastiCache. */
export interface ElastiCacheSettings {
  /** Size of each node, such as `cache.t4g.small`. */
  readonly nodeType: string;
  /** Number of nodes, at least 2: one that serves, and others that take over. */
  readonly nodes: number;
  /** Version of Valkey as ElastiCache names it. */
  readonly engineVersion: string;
}

/** Arguments of {@link ElastiCacheRedis}. */
export interface ElastiCacheRedisArgs extends ElastiCacheSettings {
  readonly account: AwsAccount;
  /** Of the clients' password. @default the first */
  readonly generation?: SecretGeneration;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: { readonly replicationGroup?: Transform<ReplicationGroupArgs> };
}

/**
 * Amazon ElastiCache with Valkey: one shard, whose nodes are in different zones. What is in it, counters, is worth a
 * snapshot a day and no protection from deletion.
 */
export class ElastiCacheRedis extends Component implements RedisService {
  readonly endpoint: pulumi.Output<string>;
  readonly username = undefined;
  readonly password: pulumi.Output<string>;
  readonly tls = true;
  /** Nodes' certificates are signed by a public authority, Amazon's. */
  readonly authority = undefined;
  readonly address: NetworkAddress;
  readonly nodes: { readonly replicationGroup: ReplicationGroup };

  constructor(name: string, args: ElastiCacheRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:ElastiCacheRedis", name, opts);
    if (args.nodes < 2) throw new Error(`nodes of ElastiCache: found ${args.nodes}, expected 2 or more`);
    this.password = this.generateSecret("password", { length: 40 }, args.generation).inUse;
    const replicationGroup = this.makeReplicationGroup(args);
    this.endpoint = pulumi.interpolate`${replicationGroup.primaryEndpointAddress}:${redisPort}`;
    this.address = args.account.address([redisPort]);
    this.nodes = { replicationGroup };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private makeReplicationGroup(args: ElastiCacheRedisArgs): ReplicationGroup {
    const { account, engineVersion, transform } = args;
    const { provider } = account;
    const id = account.nameOf(this.logicalName);
    const description = `Counters of ${account.args.name}`;
    const group = new ClientSecurityGroup(
      this.logicalName,
      { account, description, ports: [redisPort] },
      this.childOptions(),
    );
    const subnets = this.child(
      SubnetGroup,
      "",
      { name: id, description, subnetIds: account.args.subnets.map((subnet) => subnet.id) },
      { provider },
    );
    const family = `valkey${engineVersion.split(".")[0] ?? ""}`;
    const parameters = this.child(
      ParameterGroup,
      "",
      {
        // Another family is another group, since the two live side by side.
        name: `${id}-${family}`,
        family,
        description,
        // What doesn't fit is refused: limits that vanish are worse than an error that somebody sees.
        parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
      },
      { provider },
    );
    return this.child(
      ReplicationGroup,
      "",
      {
        replicationGroupId: id,
        description,
        engine: "valkey",
        engineVersion,
        nodeType: args.nodeType,
        numCacheClusters: args.nodes,
        automaticFailoverEnabled: true,
        multiAzEnabled: true,
        port: redisPort,
        parameterGroupName: parameters.name,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.groupId],
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
        kmsKeyId: account.keyArn,
        authToken: this.password,
        ...tokenUpdate(args.generation ?? firstGeneration),
        snapshotRetentionLimit: 1,
        autoMinorVersionUpgrade: true,
      },
      { provider, transform: transform?.replicationGroup },
    );
  }
}

/** ROTATE adds a token and keeps the one before; SET takes that one away. A token that was never changed needs neither. */
function tokenUpdate({
  inUse,
  previous,
}: SecretGeneration): Pick<ReplicationGroupArgs, "authTokenUpdateStrategy"> {
  if (inUse === 1) return {};
  return { authTokenUpdateStrategy: previous === undefined ? "SET" : "ROTATE" };
}
