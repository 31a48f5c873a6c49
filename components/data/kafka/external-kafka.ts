import * as kafka from "@pulumi/kafka";
import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import type { HandsOver } from "../../handover";
import type { KafkaService, KafkaUserArgs, NetworkAddress } from "../../platform-services";
import { providerArgs, type KafkaAdministrator } from "./administration";
import { scramHandover } from "./scram-handover";
import type { KafkaHandover } from "./kafka-handover";
import { replicationFor } from "./replication";
import { createScramUser } from "./scram-user";

/** Arguments of {@link ExternalKafka}. */
export interface ExternalKafkaArgs {
  /** `host:port` of brokers, as pods reach them. */
  readonly bootstrapServers: readonly string[];
  /** Number of brokers: the highest replication factor a topic can have. */
  readonly brokers: number;
  /** Whether clients speak TLS beneath SASL. @default true */
  readonly tls?: boolean;
  /** PEM of the authority that signed the brokers. @default a public one */
  readonly caCertificate?: pulumi.Input<string>;
  /** Address blocks of the brokers, which network policies let pods reach. */
  readonly addressBlocks: readonly string[];
  /** How this program logs in to make topics, users and access. */
  readonly administration: KafkaAdministrator;
}

/**
 * A Kafka that somebody else runs. It must let clients log in by SCRAM-SHA-512 and its administrator make users,
 * topics and ACLs.
 */
export class ExternalKafka extends Component implements KafkaService, HandsOver<KafkaHandover> {
  readonly provider: kafka.Provider;
  readonly bootstrapServers: pulumi.Output<string>;
  readonly securityProtocol: "SASL_SSL" | "SASL_PLAINTEXT";
  readonly saslMechanism = "SCRAM-SHA-512";
  readonly caCertificate: pulumi.Output<string> | undefined;
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly address: NetworkAddress;
  readonly ready: readonly pulumi.Resource[] = [];
  readonly handover: pulumi.Output<KafkaHandover>;

  constructor(name: string, args: ExternalKafkaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:ExternalKafka", name, opts);
    this.provider = this.child(kafka.Provider, "", providerArgs(args.administration));
    this.bootstrapServers = pulumi.output(args.bootstrapServers.join(","));
    this.securityProtocol = (args.tls ?? true) ? "SASL_SSL" : "SASL_PLAINTEXT";
    this.caCertificate = args.caCertificate === undefined ? undefined : pulumi.output(args.caCertificate);
    this.brokerCount = args.brokers;
    this.defaultReplicationFactor = replicationFor(args.brokers).factor;
    this.address = {
      peers: args.addressBlocks.map((cidr) => ({ ipBlock: { cidr } })),
      ports: portsOf(args.bootstrapServers),
    };
    this.handover = scramHandover(this, args.administration);
    this.registerOutputs({ bootstrapServers: this.bootstrapServers });
  }

  /** Makes a user in Kafka itself. */
  createUser(
    name: string,
    user: KafkaUserArgs,
    opts: pulumi.ComponentResourceOptions,
  ): readonly pulumi.Resource[] {
    return createScramUser(this, name, user, opts);
  }
}

/**
 * The ports of a list of `host:port`, each once, ascending.
 *
 * @throws Error for an address without a port
 */
export function portsOf(servers: readonly string[]): readonly number[] {
  const ports = servers.map((server) => {
    const port = Number(/:(\d+)$/.exec(server)?.[1]);
    if (!(port > 0 && port < 65_536))
      throw new Error(`bootstrap server: found ${server}, expected host:port`);
    return port;
  });
  return [...new Set(ports)].sort((left, right) => left - right);
}
