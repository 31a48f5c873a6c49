import type * as pulumi from "@pulumi/pulumi";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import type { KafkaHandover } from "../data/kafka/kafka-handover";
import type { StorageHandover } from "../data/object-storage/storage-handover";
import type { DeploymentLimits } from "../ingress/rate-limit-config";
import { handoverOf, type HandsOver } from "../handover";
import type { MediaStreamService, PlatformServices } from "../platform-services";
import { platformOutputSchema, platformOutputVersion, type PlatformOutput } from "./platform-output";

/** The systems of a platform, as far as other stacks are told of them. */
export interface HandedOverServices extends PlatformServices {
  readonly kafka: PlatformServices["kafka"] & HandsOver<KafkaHandover>;
  readonly objectStorage: PlatformServices["objectStorage"] & HandsOver<StorageHandover>;
  readonly mediaStreams: (MediaStreamService & { readonly keySecret: pulumi.Output<string> }) | undefined;
  readonly grafana: { readonly url: pulumi.Output<string> };
}

/** What the stack of a platform knows beside its systems, and pipelines elsewhere must know as well. */
export interface HandOverArgs extends Pick<PlatformOutput, "environment" | "deployments"> {
  /** What its pipelines were planned from. */
  readonly facts: PlatformFacts;
  /** Limits of all deployments that the edge knows. */
  readonly rateLimits: DeploymentLimits;
}

/** What a platform's stack tells the stacks of pipelines; a secret as a whole. */
export function handOver(services: HandedOverServices, args: HandOverArgs): pulumi.Output<PlatformOutput> {
  const { kafka, objectStorage, gateway, mediaStreams, observability, registry, grafana } = services;
  const { environment, deployments, facts, rateLimits } = args;
  return handoverOf(platformOutputSchema, {
    version: platformOutputVersion,
    environment,
    deployments,
    facts,
    kafka: kafka.handover,
    objectStorage: objectStorage.handover,
    gateway: {
      hostname: gateway.hostname,
      tls: gateway.tls,
      httpAddress: gateway.httpAddress,
      grpcAddress: gateway.grpcAddress,
      address: gateway.address,
    },
    mediaStreams: mediaStreams && {
      publishAddress: mediaStreams.publishAddress,
      internalAddress: mediaStreams.internalAddress,
      address: mediaStreams.address,
      keySecret: mediaStreams.keySecret,
    },
    observability: {
      address: observability.address,
      ruleFiles: folder(observability.ruleFiles),
      dashboards: folder(observability.dashboards),
      kafkaUsers: observability.kafkaUsers,
      grafanaUrl: grafana.url,
    },
    registry: { images: registry.images, pullSecret: registry.pullSecret },
    rateLimits: Object.fromEntries(Object.entries(rateLimits).filter(([, limits]) => limits.length > 0)),
  });
}

/** A component as plain data. */
function folder({ namespace, configMaps }: PlatformServices["observability"]["ruleFiles"]): object {
  return { namespace, configMaps };
}
