import * as pulumi from "@pulumi/pulumi";
import { Component } from "../../component";
import { KafkaIdentity, kafkaIdentityKeys } from "../../data/kafka/kafka-identity";
import { imageReference, images, type PinnedImage } from "../../images";
import { generationName, type SecretGeneration } from "../../secret-rotation";
import type { KafkaService, ScrapeService } from "../../platform-services";
import type { ContainerResources } from "../../workload/container-resources";
import { ownershipLabels } from "../../workload/labels";
import { DeploymentWorkload, type DeploymentWorkloadArgs } from "../../workload/deployment-workload";
import type { PodDefaults } from "../../workload/pod-defaults";
import { httpProbe, tcpProbe } from "../../workload/probes";

/** Who the exporter is to Kafka. No component of a pipeline is called so: its users have dots in their names. */
export const kafkaExporterUser = "kafka-exporter";

const metricsPort = 9308;
const credentialsFolder = "/etc/kafka-exporter/credentials";

/** Arguments of {@link KafkaExporter}. */
export interface KafkaExporterArgs {
  readonly namespace: pulumi.Input<string>;
  readonly kafka: KafkaService;
  /** `host:port` of the brokers that it asks first, one each. */
  readonly bootstrapServers: readonly pulumi.Input<string>[];
  readonly observability: ScrapeService;
  /** Of its user. @default the first */
  readonly generation?: SecretGeneration;
  /** @default images.kafkaExporter */
  readonly image?: PinnedImage;
  /** @default tiny */
  readonly resources?: ContainerResources;
  readonly defaults?: PodDefaults;
  /** A caller's last word on what it is made of. @default none */
  readonly transform?: DeploymentWorkloadArgs["transform"];
}

/**
 * Tells Prometheus how far behind consumers are, and how many messages topics have taken. By itself its user may see
 * nothing: each pipeline lets it see its own topics and groups, by name, and never a message. One replica: a second one
 * would say everything twice.
 */
export class KafkaExporter extends Component {
  readonly nodes: { readonly workload: DeploymentWorkload };

  constructor(name: string, args: KafkaExporterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("backend:KafkaExporter", name, opts);
    const { kafka, namespace } = args;
    const image = args.image ?? images.kafkaExporter;
    const identity = new KafkaIdentity(
      this.childName("kafka"),
      {
        kafka,
        namespace,
        identity: { username: kafkaExporterUser, reads: [], writes: [] },
        generation: args.generation,
        labels: { ...args.defaults?.labels, ...ownershipLabels },
      },
      this.childOptions(),
    );
    const { password, caCertificate } = kafkaIdentityKeys;
    const ownAuthority = kafka.caCertificate !== undefined;
    const workload = new DeploymentWorkload(
      name,
      {
        namespace,
        app: { name: "kafka-exporter", component: "metrics", version: image.tag },
        defaults: args.defaults,
        transform: args.transform,
        rollOn: identity.password,
        // Prometheus asks the pod itself.
        services: [],
        podAnnotations: args.observability.scrapeAnnotations(metricsPort, "/metrics"),
        ...(ownAuthority && {
          volumes: {
            credentials: { secret: identity.secretName, items: { [caCertificate]: caCertificate } },
          },
        }),
        containers: [
          {
            name: "exporter",
            image: imageReference(image),
            args: exporterFlags(args),
            // It takes the password as a flag and in no other way; Kubernetes fills it in when the container starts.
            secretEnv: { SASL_SECRET: { secret: identity.secretName, key: password } },
            ports: [{ name: "metrics", port: metricsPort, clients: args.observability.address.peers }],
            resources: args.resources ?? "tiny",
            ...(ownAuthority && { mounts: [{ volume: "credentials", path: credentialsFolder }] }),
            probes: { liveness: tcpProbe("metrics"), readiness: httpProbe("metrics", "/healthz") },
          },
        ],
        egress: [kafka.address],
      },
      this.childOptions({ dependsOn: [...kafka.ready, ...identity.ready] }),
    );
    this.nodes = { workload };
    this.registerOutputs();
  }
}

/** Flags of the exporter. */
export function exporterFlags({
  kafka,
  bootstrapServers,
  generation,
}: Pick<KafkaExporterArgs, "bootstrapServers" | "generation"> & {
  readonly kafka: Pick<KafkaService, "securityProtocol" | "caCertificate">;
}): readonly pulumi.Input<string>[] {
  const tls = kafka.securityProtocol === "SASL_SSL";
  return [
    ...bootstrapServers.map((server) => pulumi.interpolate`--kafka.server=${server}`),
    // Not the brokers' own version but that of the protocol: the oldest that Kafka 4 speaks, and every newer one.
    "--kafka.version=2.1.0",
    "--sasl.enabled",
    "--sasl.mechanism=scram-sha512",
    `--sasl.username=${generationName(kafkaExporterUser, generation?.inUse ?? 1)}`,
    "--sasl.password=$(SASL_SECRET)",
    ...(tls ? ["--tls.enabled"] : []),
    ...(tls && kafka.caCertificate !== undefined
      ? [`--tls.ca-file=${credentialsFolder}/${kafkaIdentityKeys.caCertificate}`]
      : []),
  ];
}
