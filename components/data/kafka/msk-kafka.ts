import { Policy, Target } from "@pulumi/aws/appautoscaling";
import { LogGroup } from "@pulumi/aws/cloudwatch";
import { Cluster, Configuration } from "@pulumi/aws/msk";
import * as kafka from "@pulumi/kafka";
import type * as pulumi from "@pulumi/pulumi";
import { ClientSecurityGroup } from "../../aws/client-security-group";
import { Component } from "../../component";
import { handoverOf, type HandsOver } from "../../handover";
import type { KafkaService, KafkaUserArgs, NetworkAddress } from "../../platform-services";
import { kafkaHandoverSchema, type KafkaHandover } from "./kafka-handover";
import { iamProviderArgs } from "./msk-administration";
import { mskClusterArgs, mskPorts, mskProperties, type MskKafkaArgs } from "./msk-cluster-args";
import { MskUser } from "./msk-user";
import { replicationFor } from "./replication";

/** Share of the volumes in per cent from which they grow: MSK may grow one only every six hours. */
const storageTarget = 60;

/**
 * Amazon MSK: brokers in three zones, TLS alone, everything encrypted with the stack's key.
 *
 * Pods log in by SCRAM-SHA-512 and are allowed what ACLs say, as with any other Kafka here. The first ACL needs
 * somebody who may write ACLs before there is any, and MSK has no super user to be had by a password. So the cluster
 * knows IAM as well, whose identities ask IAM and no ACL: this program, or the role that it is given, makes topics and
 * ACLs as such a one. No user of the cluster can administer it, and there is no password that could.
 */
export class MskKafka extends Component implements KafkaService, HandsOver<KafkaHandover> {
  readonly provider: kafka.Provider;
  readonly bootstrapServers: pulumi.Output<string>;
  readonly securityProtocol = "SASL_SSL";
  readonly saslMechanism = "SCRAM-SHA-512";
  /** Brokers' certificates are signed by a public authority, Amazon's. */
  readonly caCertificate = undefined;
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly address: NetworkAddress;
  readonly ready: readonly pulumi.Resource[];
  readonly handover: pulumi.Output<KafkaHandover>;
  readonly nodes: { readonly cluster: Cluster };
  private readonly args: MskKafkaArgs;

  constructor(name: string, args: MskKafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:MskKafka", name, opts);
    this.args = args;
    const cluster = this.makeCluster();
    const scaling = this.makeStorageScaling(cluster);
    const { administratorRoleArn } = args;
    const administrationServers = cluster.bootstrapBrokersSaslIam.apply((servers) => servers.split(","));
    const { region } = args.account.args;
    this.provider = this.child(
      kafka.Provider,
      "",
      iamProviderArgs({ administrationServers, administratorRoleArn, region }),
    );
    this.bootstrapServers = cluster.bootstrapBrokersSaslScram;
    this.brokerCount = args.brokers;
    this.defaultReplicationFactor = replicationFor(args.brokers).factor;
    this.address = args.account.address([mskPorts.scram]);
    this.ready = [cluster, scaling];
    this.nodes = { cluster };
    this.handover = handoverOf(kafkaHandoverSchema, {
      kind: "msk",
      bootstrapServers: this.bootstrapServers,
      securityProtocol: this.securityProtocol,
      brokerCount: this.brokerCount,
      address: this.address,
      clusterName: args.account.nameOf(name),
      clusterArn: cluster.arn,
      administrationServers,
      administratorRoleArn,
      aws: args.account.handover,
    });
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** Makes a user by way of Secrets Manager: MSK takes users from nowhere else. */
  createUser(
    name: string,
    user: KafkaUserArgs,
    opts: pulumi.ComponentResourceOptions,
  ): readonly pulumi.Resource[] {
    const { account } = this.args;
    const { cluster } = this.nodes;
    const clusterName = account.nameOf(this.logicalName);
    return new MskUser(name, { ...user, account, clusterName, clusterArn: cluster.arn }, opts).ready;
  }

  private makeCluster(): Cluster {
    const { account, brokers, logRetentionDays, retainData, transform } = this.args;
    const { provider } = account;
    const clusterName = account.nameOf(this.logicalName);
    const group = new ClientSecurityGroup(
      this.logicalName,
      {
        account,
        description: `Brokers of ${clusterName}`,
        // The program may run in the cluster.
        ports: [mskPorts.scram, mskPorts.iam],
        administrationPorts: [mskPorts.iam],
      },
      this.childOptions(),
    );
    const logGroup = this.child(
      LogGroup,
      "broker-logs",
      { name: `/algorun/${clusterName}`, retentionInDays: logRetentionDays, kmsKeyId: account.keyArn },
      { provider },
    );
    const configuration = this.child(
      Configuration,
      "",
      { name: clusterName, serverProperties: mskProperties(brokers) },
      { provider },
    );
    const foundation = {
      clusterName,
      securityGroupId: group.groupId,
      logGroup: logGroup.name,
      configuration: { arn: configuration.arn, revision: configuration.latestRevision },
    };
    return this.child(Cluster, "", mskClusterArgs(this.args, foundation), {
      provider,
      transform: transform?.cluster,
      protect: retainData,
      // The volumes' size is the autoscaling's from the first day on; they never shrink.
      ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
    });
  }

  private makeStorageScaling(cluster: Cluster): Policy {
    const { account, maxVolumeSize } = this.args;
    const { provider } = account;
    const target = this.child(
      Target,
      "storage",
      {
        serviceNamespace: "kafka",
        scalableDimension: "kafka:broker-storage:VolumeSize",
        resourceId: cluster.arn,
        minCapacity: 1,
        maxCapacity: maxVolumeSize,
      },
      { provider },
    );
    return this.child(
      Policy,
      "storage",
      {
        name: `${account.nameOf(this.logicalName)}-storage`,
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
          targetValue: storageTarget,
          disableScaleIn: true,
        },
      },
      { provider },
    );
  }
}
