import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { HandsOver } from "../../handover";
import { imageReference } from "../../images";
import type { KafkaService } from "../../platform-services";
import type { SystemContext } from "../../system-context";
import { namespacePeer } from "../../workload/network-policy";
import type { ContainerResources } from "../../workload/container-resources";
import type { KafkaAdministrator } from "./administration";
import { ExternalKafka, type ExternalKafkaArgs } from "./external-kafka";
import { hostAndPort } from "./host-and-port";
import type { KafkaHandover } from "./kafka-handover";
import { KafkaCluster } from "./kafka-cluster";
import { partOfAlgoRun, type KafkaClusterArgs, type KafkaTls } from "./kafka-cluster-args";
import { mskZones, type MskKafkaArgs, type MskSettings } from "./msk-cluster-args";
import { MskKafka } from "./msk-kafka";

/** Kafka in the cluster, one that AWS runs for us, or one that somebody else runs. */
export type KafkaSettings =
  | {
      readonly mode: "cluster";
      readonly controllers: number;
      readonly brokers: number;
      readonly controllerResources?: ContainerResources;
      readonly brokerResources?: ContainerResources;
      readonly controllerStorageSize?: string;
      readonly brokerStorageSize?: string;
      /** Seconds that a broker must be ready before the next one is replaced. */
      readonly minReadySeconds?: number;
      readonly tls?: KafkaTls & { readonly secretName: string };
      /** Whether nodes may share a machine when there is no other room. */
      readonly spread?: "preferred" | "required";
      /** Lets clients outside the cluster in, at one `host:port` for each broker. */
      readonly external?: {
        readonly type: "NodePort" | "LoadBalancer";
        readonly addresses: readonly string[];
        /** Networks that may connect. */
        readonly addressBlocks: readonly string[];
      };
    }
  | ({ readonly mode: "external" } & Omit<ExternalKafkaArgs, "administration">)
  | ({ readonly mode: "msk" } & MskSettings);

/** What Kafka is made from beside its settings. */
export interface KafkaChoice {
  /** Certificate of one in the cluster. @default that of the settings */
  readonly tls?: KafkaTls | undefined;
  /** How this program reaches Kafka, when not as pods do. */
  readonly administration?: KafkaAdministrator | undefined;
  /** Namespace of KEDA, where KEDA asks Kafka about consumers. */
  readonly kedaNamespace?: string | undefined;
  readonly transform?: KafkaClusterArgs["transform"];
  readonly mskTransform?: MskKafkaArgs["transform"];
}

/**
 * Makes the Kafka of a platform.
 *
 * @throws Error for settings that need what is not there
 */
export function makeKafka(
  name: string,
  settings: KafkaSettings,
  choice: KafkaChoice,
  context: SystemContext,
): KafkaService & HandsOver<KafkaHandover> {
  const { tls, administration, transform, mskTransform } = choice;
  const { retainData, elsewhere } = context;
  switch (settings.mode) {
    case "msk": {
      const account = context.aws();
      return new MskKafka(name, { ...settings, account, retainData, transform: mskTransform }, elsewhere);
    }
    case "external":
      if (administration === undefined) throw new Error("an external Kafka needs an administrator");
      return new ExternalKafka(name, { ...settings, administration }, elsewhere);
    case "cluster": {
      const { controllerStorageSize, brokerStorageSize, external, ...cluster } = settings;
      return new KafkaCluster(
        name,
        {
          ...cluster,
          ...context.shared,
          administratorGeneration: context.generation("kafkaAdministrator"),
          ...(tls && { tls }),
          clients: kafkaClients(choice),
          image: imageReference(context.image("kafka")),
          imageVersion: context.image("kafka").tag,
          transform,
          ...(external && { external: { ...external, addresses: external.addresses.map(hostAndPort) } }),
          ...(controllerStorageSize && { controllerStorage: { size: controllerStorageSize } }),
          ...(brokerStorageSize && { brokerStorage: { size: brokerStorageSize } }),
          ...(administration && { administration }),
        },
        context.inCluster,
      );
    }
  }
}

/** Pipelines and systems, and KEDA where it asks about consumers. */
function kafkaClients({
  kedaNamespace,
}: KafkaChoice): readonly k8s.types.input.networking.v1.NetworkPolicyPeer[] {
  return kedaNamespace === undefined ? partOfAlgoRun : [...partOfAlgoRun, namespacePeer(kedaNamespace)];
}

/** Servers to bootstrap from, one by one, for clients that take no list; MSK names one in each zone. */
export function singleServers(
  settings: KafkaSettings,
  { bootstrapServers }: KafkaService,
): readonly pulumi.Input<string>[] {
  if (settings.mode === "external") return settings.bootstrapServers;
  if (settings.mode === "cluster") return [bootstrapServers];
  return Array.from({ length: mskZones }, (_, zone) =>
    bootstrapServers.apply((list) => list.split(",")[zone] ?? list.split(",")[0] ?? ""),
  );
}
