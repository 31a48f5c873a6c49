import type { ClusterArgs } from "@pulumi/aws/msk";
import type * as pulumi from "@pulumi/pulumi";
import type { Transform } from "../../component";
import type { AwsAccount } from "../../aws/aws-account";
import { renderProperties } from "./properties";
import { replicationFor } from "./replication";

/** Zones that the brokers are spread over: with fewer, the loss of one would stop writes. */
export const mskZones = 3;

/** Ports of MSK inside its VPC, which nobody chooses: for SCRAM and for IAM. */
export const mskPorts = { scram: 9096, iam: 9098 } as const;

/** What a stack decides about MSK. */
export interface MskSettings {
  /** A multiple of {@link mskZones}. */
  readonly brokers: number;
  /** Version as MSK names it. */
  readonly kafkaVersion: string;
  /** Size of the brokers, such as `kafka.m7g.large`. */
  readonly instanceType: string;
  /** GiB of each broker at the beginning. */
  readonly volumeSize: number;
  /** GiB of each broker that the volumes may grow to by themselves. */
  readonly maxVolumeSize: number;
  /** Days that brokers' logs are kept. */
  readonly logRetentionDays: number;
  /** Role that administers topics and ACLs. @default whoever runs this program */
  readonly administratorRoleArn?: string;
}

/** Arguments of `MskKafka`. */
export interface MskKafkaArgs extends MskSettings {
  readonly account: AwsAccount;
  /** Whether the cluster is protected from deletion. */
  readonly retainData: boolean;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: { readonly cluster?: Transform<ClusterArgs> };
}

/**
 * `server.properties` of the brokers. Nobody but by an ACL, no topic by accident, no message lost for the sake of a
 * quick return, and no acknowledged message on one disk only.
 */
export function mskProperties(brokers: number): string {
  const { factor, minimumInSync } = replicationFor(brokers);
  return renderProperties({
    "allow.everyone.if.no.acl.found": false,
    "auto.create.topics.enable": false,
    "default.replication.factor": factor,
    "min.insync.replicas": minimumInSync,
    "offsets.topic.replication.factor": factor,
    "transaction.state.log.min.isr": minimumInSync,
    "transaction.state.log.replication.factor": factor,
    "unclean.leader.election.enable": false,
  });
}

/** What the cluster stands on. */
export interface MskFoundation {
  /** Name, unique in the account and region. */
  readonly clusterName: string;
  readonly securityGroupId: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly configuration: ClusterArgs["configurationInfo"];
}

/**
 * The cluster itself.
 *
 * @throws Error for a number of brokers that zones can't share evenly: MSK refuses it
 */
export function mskClusterArgs(args: MskKafkaArgs, foundation: MskFoundation): ClusterArgs {
  const { account, brokers } = args;
  if (brokers < mskZones || brokers % mskZones !== 0)
    throw new Error(`brokers of MSK: found ${brokers}, expected a multiple of ${mskZones}`);
  return {
    clusterName: foundation.clusterName,
    kafkaVersion: args.kafkaVersion,
    numberOfBrokerNodes: brokers,
    brokerNodeGroupInfo: {
      instanceType: args.instanceType,
      clientSubnets: account.subnets(mskZones).map(({ id }) => id),
      securityGroups: [foundation.securityGroupId],
      connectivityInfo: { publicAccess: { type: "DISABLED" } },
      storageInfo: { ebsStorageInfo: { volumeSize: args.volumeSize } },
    },
    clientAuthentication: { sasl: { scram: true, iam: true }, unauthenticated: false },
    encryptionInfo: {
      encryptionAtRestKmsKeyArn: account.keyArn,
      encryptionInTransit: { clientBroker: "TLS", inCluster: true },
    },
    configurationInfo: foundation.configuration,
    enhancedMonitoring: "PER_BROKER",
    loggingInfo: {
      brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: foundation.logGroup } },
    },
  };
}
