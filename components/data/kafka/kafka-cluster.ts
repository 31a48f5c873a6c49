import * as kafka from "@pulumi/kafka";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../../component";
import type { HandsOver } from "../../handover";
import { kafkaFormat } from "../../data-format";
import { images } from "../../images";
import type { KafkaService, KafkaUserArgs, NetworkAddress } from "../../platform-services";
import { StatefulSetWorkload } from "../../workload/stateful-set-workload";
import { firstGeneration, type SecretGeneration } from "../../secret-rotation";
import { JobWorkload } from "../../workload/job-workload";
import { administratorJob } from "./administrator-job";
import { providerArgs, type KafkaAdministrator } from "./administration";
import { kafkaPorts, kafkaUsers } from "./cluster-layout";
import { resolveKafkaCluster, type KafkaClusterArgs, type ResolvedKafkaCluster } from "./kafka-cluster-args";
import { brokerWorkload, controllerWorkload } from "./kafka-node";
import type { KafkaNodeContext } from "./node-files";
import { brokerName } from "./node-names";
import type { KafkaHandover } from "./kafka-handover";
import { scramHandover } from "./scram-handover";
import { replicationFor } from "./replication";
import { createScramUser } from "./scram-user";
import { ownershipLabels } from "../../workload/labels";
import { serviceAnnotations } from "../../workload/service-args";

/**
 * Kafka in the cluster: controllers that vote in a static quorum, brokers that keep the data, and nothing else.
 *
 * Everybody logs in. Clients and brokers do it by SCRAM, which never shows the password; controllers can't, since the
 * users' records are kept behind them, so they take the nodes' own password by PLAIN. Access is denied unless an ACL
 * allows it, topics are never made by accident, and network policies let clients reach one port of the brokers,
 * brokers and controllers each other, and nobody else anything. With `tls` every connection is encrypted as well; the
 * certificates come from outside, since nothing here can make any, and an environment that spans networks which
 * others can listen on must have them.
 *
 * Fewer brokers than before would strand their partitions: move those first (`kafka-reassign-partitions`). New brokers
 * get only new partitions by themselves. Upgrades of the image roll one pod at a time; the feature level
 * (`kafka-features upgrade`) stays as it is, so that the way back is open. For rebalancing and rack-wise rolling choose
 * Strimzi or a managed Kafka, and `ExternalKafka`.
 */
export class KafkaCluster extends Component implements KafkaService, HandsOver<KafkaHandover> {
  readonly provider: kafka.Provider;
  readonly bootstrapServers: pulumi.Output<string>;
  readonly securityProtocol: "SASL_SSL" | "SASL_PLAINTEXT";
  readonly saslMechanism = "SCRAM-SHA-512";
  readonly caCertificate: pulumi.Output<string> | undefined;
  readonly brokerCount: number;
  readonly defaultReplicationFactor: number;
  readonly address: NetworkAddress;
  readonly ready: readonly pulumi.Resource[];
  readonly handover: pulumi.Output<KafkaHandover>;
  readonly nodes: { readonly controllers: StatefulSetWorkload; readonly brokers: StatefulSetWorkload };

  constructor(name: string, args: KafkaClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("data:KafkaCluster", name, opts);
    const cluster = resolveKafkaCluster(name, args);
    const passwords = {
      administrator: this.password("administrator", args.administratorGeneration),
      node: this.password("node"),
    };
    const clusterId = this.child(random.RandomId, "cluster-id", { byteLength: 16 }).b64Url;
    const context = { cluster, clusterId, passwords };
    const guard = this.recordFormat(
      { program: "kafka", version: args.imageVersion ?? images.kafka.tag },
      "algorun:images.kafka",
      kafkaFormat,
    );
    const dependents = this.childOptions({ dependsOn: [guard] });
    const controllers = new StatefulSetWorkload(
      this.childName("controller"),
      controllerWorkload(context),
      dependents,
    );
    const brokers = new StatefulSetWorkload(this.childName("broker"), brokerWorkload(context), dependents);
    this.makeExternalServices(cluster);
    this.bootstrapServers = pulumi.interpolate`${brokers.host()}:${kafkaPorts.clients}`;
    const administrator = args.administration ?? this.ownAdministrator(cluster, passwords.administrator);
    this.provider = this.child(kafka.Provider, "", providerArgs(administrator), {
      dependsOn: [...this.setAdministratorPassword(context, brokers)],
    });
    this.securityProtocol = cluster.tls === undefined ? "SASL_PLAINTEXT" : "SASL_SSL";
    this.caCertificate = certificateOutput(cluster.tls?.caCertificate);
    this.brokerCount = cluster.brokers;
    this.defaultReplicationFactor = replicationFor(cluster.brokers).factor;
    this.address = brokers.address(["clients"]);
    this.nodes = { controllers, brokers };
    this.ready = [controllers.nodes.statefulSet, brokers.nodes.statefulSet];
    this.handover = scramHandover(this, administrator);
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

  private password(user: keyof typeof kafkaUsers, generation?: SecretGeneration): pulumi.Output<string> {
    return this.generateSecret(`${user}-password`, { length: 32 }, generation).inUse;
  }

  /** The first password is written when the storage is prepared; a later one must be in force before it is used. */
  private setAdministratorPassword(
    context: KafkaNodeContext,
    brokers: StatefulSetWorkload,
  ): readonly pulumi.Resource[] {
    if ((context.cluster.administratorGeneration ?? firstGeneration).inUse === 1) return [];
    const workload = administratorJob(context, {
      host: brokers.host(),
      address: brokers.address(["clients"]),
    });
    const dependsOn = [brokers.nodes.statefulSet];
    return [
      new JobWorkload(this.childName("administrator"), workload, this.childOptions({ dependsOn })).nodes.job,
    ];
  }

  private ownAdministrator(
    cluster: ResolvedKafkaCluster,
    password: pulumi.Output<string>,
  ): KafkaAdministrator {
    const external = cluster.external?.addresses.map(({ host, port }) => `${host}:${port}`);
    return {
      bootstrapServers: external ?? [this.bootstrapServers],
      username: kafkaUsers.administrator,
      password,
      caCertificate: cluster.tls?.caCertificate,
      tls: cluster.tls !== undefined,
    };
  }

  /** One for each broker, since a client must reach the very broker that leads a partition. */
  private makeExternalServices(cluster: ResolvedKafkaCluster): void {
    const { external, namespace } = cluster;
    external?.addresses.forEach(({ port }, index) => {
      const pod = `${brokerName(cluster)}-${index}`;
      const nodePort = external.type === "NodePort" ? { nodePort: port } : {};
      const balancer = external.type === "LoadBalancer" ? keepingOut(external.addressBlocks) : {};
      this.child(k8s.core.v1.Service, `external-${index}`, {
        metadata: {
          name: `${pod}-external`,
          namespace,
          labels: { ...ownershipLabels },
          annotations: serviceAnnotations(external.type),
        },
        spec: {
          type: external.type,
          ...balancer,
          selector: { "statefulset.kubernetes.io/pod-name": pod },
          ports: [{ name: "external", port, targetPort: "external", protocol: "TCP", ...nodePort }],
        },
      });
    });
  }
}

/** A load balancer that refuses others itself, and shows the network policy whom it lets through. */
function keepingOut(addressBlocks: readonly string[]): Partial<k8s.types.input.core.v1.ServiceSpec> {
  return { externalTrafficPolicy: "Local", loadBalancerSourceRanges: [...addressBlocks] };
}

function certificateOutput(pem: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
  return pem === undefined ? undefined : pulumi.output(pem);
}

/**
 * Names that the certificate of a cluster with TLS must hold for; external addresses come on top.
 *
 * @param name - name of the cluster
 */
export function certificateNames(name: string, namespace: string): readonly string[] {
  return [
    `${name}-broker.${namespace}.svc`,
    `*.${name}-broker-headless.${namespace}.svc`,
    `*.${name}-controller-headless.${namespace}.svc`,
  ];
}
