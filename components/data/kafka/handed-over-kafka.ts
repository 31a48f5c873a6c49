import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { AwsAccount } from "../../aws/aws-account";
import { Component } from "../../component";
import type { KafkaService, KafkaUserArgs, NetworkAddress } from "../../platform-services";
import { providerArgs, type KafkaAdministrator } from "./administration";
import type { KafkaHandover } from "./kafka-handover";
import { iamProviderArgs } from "./msk-administration";
import { MskUser } from "./msk-user";
import { replicationFor } from "./replication";
import { createScramUser } from "./scram-user";

/** Arguments of {@link HandedOverKafka}. */
export interface HandedOverKafkaArgs {
  /** What the platform's stack said. */
  readonly handover: KafkaHandover;
  /** How this program reaches Kafka. @default as the platform's stack does */
  readonly administration?: KafkaAdministrator | undefined;
  /** Where AWS is, for a Kafka of AWS'. */
  readonly account: (args: AwsHandover) => AwsAccount;
}

type AwsHandover = Extract<KafkaHandover, { readonly kind: "msk" }>["aws"];

/** The Kafka of a platform that another stack makes. Only the provider is made here, and what pipelines ask for. */
export class HandedOverKafka extends Component implements KafkaService {
  readonly provider: kafka.Provider;
  readonly bootstrapServers: pulumi.Output<string>;
  readonly securityProtocol: "SASL_SSL" | "SASL_PLAINTEXT";
  readonly saslMechanism = "SCRAM-SHA-512";
  readonly caCertificate: pulumi.Output<string> | undefined;
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly address: NetworkAddress;
  readonly ready: readonly pulumi.Resource[] = [];
  private readonly args: HandedOverKafkaArgs;

  constructor(name: string, args: HandedOverKafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:HandedOverKafka", name, opts);
    const { handover } = args;
    this.args = args;
    this.provider = this.child(kafka.Provider, "", administration(args));
    this.bootstrapServers = pulumi.output(handover.bootstrapServers);
    this.securityProtocol = handover.securityProtocol;
    this.caCertificate =
      handover.caCertificate === undefined ? undefined : pulumi.output(handover.caCertificate);
    this.brokerCount = handover.brokerCount;
    this.defaultReplicationFactor = replicationFor(handover.brokerCount).factor;
    this.address = handover.address;
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** Makes a user as the platform's own stack would. */
  createUser(
    name: string,
    user: KafkaUserArgs,
    opts: pulumi.ComponentResourceOptions,
  ): readonly pulumi.Resource[] {
    const { handover, account } = this.args;
    if (handover.kind === "scram") return createScramUser(this, name, user, opts);
    const { clusterName, clusterArn, aws } = handover;
    return new MskUser(name, { ...user, account: account(aws), clusterName, clusterArn }, opts).ready;
  }
}

function administration({ handover, administration: own }: HandedOverKafkaArgs): kafka.ProviderArgs {
  if (handover.kind === "msk") return iamProviderArgs({ ...handover, region: handover.aws.region });
  const { administrator } = handover;
  return providerArgs(own ?? { ...administrator, password: pulumi.secret(administrator.password) });
}
