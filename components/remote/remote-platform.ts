import * as pulumi from "@pulumi/pulumi";
import { AwsAccount } from "../aws/aws-account";
import type { AwsArgs } from "../aws/aws-args";
import { scrapeAnnotations } from "../backend/prometheus/scrape-config";
import { Component } from "../component";
import type { KafkaAdministrator } from "../data/kafka/administration";
import { HandedOverKafka } from "../data/kafka/handed-over-kafka";
import { handedOverStorage } from "../data/object-storage/handed-over-storage";
import { dashboardAddress } from "../frontend/grafana/grafana";
import { streamKey } from "../ingress/stream-key";
import type {
  GatewayService,
  KafkaService,
  MediaStreamService,
  ObjectStorageService,
  ObservabilityService,
  PlatformServices,
  RegistryService,
} from "../platform-services";
import { generationOf, type RotationSettings } from "../secret-rotation";
import type { PodDefaults } from "../workload/pod-defaults";
import type { PlatformOutput } from "./platform-output";

/** Arguments of {@link RemotePlatform}. */
export interface RemotePlatformArgs {
  /** What the platform's stack told. */
  readonly output: PlatformOutput;
  /** How this program reaches Kafka. @default as the platform's stack does */
  readonly kafkaAdministration?: KafkaAdministrator | undefined;
  /** `.dockerconfigjson` for private images. @default that of the platform's stack */
  readonly pullSecret?: pulumi.Output<string> | undefined;
  /** What the environment decides about every pod. */
  readonly pods: PodDefaults;
  /** Which generations of secrets are in use; the access keys of buckets are made here. @default the first of all */
  readonly rotation?: RotationSettings | undefined;
  /** Whether buckets outlive their pipelines. */
  readonly retainData: boolean;
}

/**
 * A platform that another stack makes, as the pipelines of this one see it. It makes no system; only the providers that
 * administer Kafka and AWS, and in each pipeline what it asks for.
 */
export class RemotePlatform extends Component implements PlatformServices {
  readonly kafka: KafkaService;
  readonly objectStorage: ObjectStorageService;
  readonly gateway: GatewayService;
  readonly mediaStreams: MediaStreamService | undefined;
  readonly observability: ObservabilityService;
  readonly registry: RegistryService;
  /** Where the platform's dashboards are. */
  readonly grafana: { readonly url: pulumi.Output<string> };
  private readonly args: RemotePlatformArgs;
  private awsAccount: AwsAccount | undefined;

  constructor(name: string, args: RemotePlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:RemotePlatform", name, opts);
    this.args = args;
    const { output, kafkaAdministration: administration, pods, retainData } = args;
    const account = (aws: AwsArgs): AwsAccount => this.account(aws);
    this.kafka = new HandedOverKafka(
      "kafka",
      { handover: output.kafka, administration, account },
      this.childOptions(),
    );
    this.objectStorage = handedOverStorage(
      "object-storage",
      {
        handover: output.objectStorage,
        defaults: pods,
        generation: generationOf(args.rotation, "objectStorage"),
        retainData,
        account,
      },
      this.childOptions(),
    );
    this.gateway = gatewayService(output.gateway);
    this.mediaStreams = output.mediaStreams && mediaStreamService(output.mediaStreams);
    this.observability = observabilityService(output.observability);
    this.registry = registryService(output.registry, args.pullSecret);
    this.grafana = { url: pulumi.output(output.observability.grafanaUrl) };
    this.registerOutputs({ httpAddress: this.gateway.httpAddress });
  }

  /** One provider of AWS for all that asks for it. The key is the platform's, so none is made. */
  private account(aws: AwsArgs): AwsAccount {
    const { retainData } = this.args;
    this.awsAccount ??= new AwsAccount("aws", { ...aws, retainData }, this.childOptions());
    return this.awsAccount;
  }
}

function gatewayService(gateway: PlatformOutput["gateway"]): GatewayService {
  return {
    ...gateway,
    httpAddress: pulumi.output(gateway.httpAddress),
    grpcAddress: pulumi.output(gateway.grpcAddress),
    ready: [],
  };
}

function mediaStreamService(streams: NonNullable<PlatformOutput["mediaStreams"]>): MediaStreamService {
  return {
    publishAddress: pulumi.output(streams.publishAddress),
    internalAddress: pulumi.output(streams.internalAddress),
    address: streams.address,
    streamKey: (right) => pulumi.secret(streamKey(streams.keySecret, right)),
  };
}

function observabilityService(observability: PlatformOutput["observability"]): ObservabilityService {
  const { address, ruleFiles, dashboards, kafkaUsers, grafanaUrl } = observability;
  return {
    address,
    scrapeAnnotations,
    ruleFiles: sharedFolder(ruleFiles),
    dashboards: sharedFolder(dashboards),
    kafkaUsers,
    dashboardAddress: (uid) => dashboardAddress(grafanaUrl, uid),
  };
}

function sharedFolder({
  namespace,
  configMaps,
}: PlatformOutput["observability"]["ruleFiles"]): ObservabilityService["ruleFiles"] {
  return { namespace: pulumi.output(namespace), configMaps: configMaps.map((name) => pulumi.output(name)) };
}

function registryService(
  { images, pullSecret }: PlatformOutput["registry"],
  own: pulumi.Output<string> | undefined,
): RegistryService {
  const handedOver = pullSecret === undefined ? undefined : pulumi.secret(pullSecret);
  return { images, pullSecret: own ?? handedOver };
}
