import type * as pulumi from "@pulumi/pulumi";
import type { AlertmanagerArgs } from "./backend/alertmanager/alertmanager";
import type { KafkaExporterArgs } from "./backend/kafka-exporter/kafka-exporter";
import type { KubeStateMetricsArgs } from "./backend/kube-state-metrics/kube-state-metrics";
import type { PrometheusArgs } from "./backend/prometheus/prometheus";
import type { RedisArgs } from "./backend/redis/redis";
import type { SqlArgs } from "./backend/sql/sql";
import type { AwsArgs } from "./aws/aws-args";
import type { ElastiCacheRedisArgs } from "./backend/redis/elasticache-redis";
import type { RedisSettings } from "./backend/redis/redis-service";
import type { RdsSqlArgs } from "./backend/sql/rds-args";
import type { SqlSettings } from "./backend/sql/sql-service";
import type { KafkaClusterArgs } from "./data/kafka/kafka-cluster-args";
import type { KafkaSettings } from "./data/kafka/kafka-service";
import type { MskKafkaArgs } from "./data/kafka/msk-cluster-args";
import type { ObjectStorageSettings } from "./data/object-storage/object-storage-service";
import type { S3ObjectStorageArgs } from "./data/object-storage/s3-object-storage";
import type { ObjectStorageArgs } from "./data/object-storage/storage-engine";
import type { GrafanaArgs } from "./frontend/grafana/grafana";
import type { NginxRtmpArgs } from "./ingress/nginx-rtmp";
import type { RateLimitArgs } from "./ingress/rate-limit";
import type { KafkaAdministrator } from "./data/kafka/administration";
import type { AmbassadorArgs } from "./ingress/ambassador-args";
import type { DeploymentLimits, RateLimitPolicy } from "./ingress/rate-limit-config";
import type { ImageName, PinnedImage } from "./images";
import type { CertificateSettings } from "./platform-certificates";
import type { RegistryService } from "./platform-services";
import type { RotationSettings } from "./secret-rotation";
import type { ContainerResources } from "./workload/container-resources";
import type { PodDefaults } from "./workload/pod-defaults";

/** What each system lets an environment decide; what is left out has the system's own default. */
export interface SystemArgs {
  readonly resources?: ContainerResources;
}

/** A system with a volume of its own. */
export interface StoredSystemArgs extends SystemArgs {
  /** Size of the volume. */
  readonly storageSize?: string;
}

/** Arguments of `Platform`: one for each system, and what all of them share. */
export interface PlatformArgs {
  /** Namespace of all systems. */
  readonly namespace: string;
  /** What the environment decides about every pod. */
  readonly pods: PodDefaults;
  /** Whether volumes and topics outlive the stack. */
  readonly retainData: boolean;
  /** Versions other than the pinned ones. */
  readonly images: Readonly<Partial<Record<ImageName, Partial<PinnedImage>>>>;
  /** Images of AlgoRun's own services. */
  readonly services: RegistryService["images"];
  /** `.dockerconfigjson` for private images. @default images are public */
  readonly pullSecret?: pulumi.Output<string> | undefined;
  /** Whether some pipeline takes media streams: only then there is an RTMP server. */
  readonly mediaStreams: boolean;
  /** Limits that pipeline deployments have of their own, by `owner.name`. @default none */
  readonly rateLimits?: DeploymentLimits;
  readonly ambassador: AmbassadorSettings;
  /** Who signs the certificates of what runs in the cluster. @default nobody: settings name Secrets */
  readonly certificates?: CertificateSettings | undefined;
  readonly kafka: KafkaSettings;
  /** Who measures consumers' lag: KEDA asks Kafka, from its own namespace. @default nobody */
  readonly consumerLag?:
    { readonly source: "metric" } | { readonly source: "keda"; readonly namespace: string };
  /** How this program reaches Kafka, when not as pods do. */
  readonly kafkaAdministration?: KafkaAdministrator | undefined;
  readonly objectStorage: ObjectStorageSettings;
  /** Secret part of the key of an external object storage. */
  readonly objectStorageSecretAccessKey?: pulumi.Output<string> | undefined;
  readonly sql: SqlSettings;
  /** Password of an external database. */
  readonly sqlPassword?: pulumi.Output<string> | undefined;
  readonly redis: RedisSettings;
  /** Password of an external Redis. */
  readonly redisPassword?: pulumi.Output<string> | undefined;
  /** Where managed systems are made. @default nowhere: none of the settings asks for one */
  readonly aws?: AwsArgs | undefined;
  readonly prometheus: StoredSystemArgs & { readonly retention: string };
  /** Where alerts are posted. @default nowhere: they are only shown */
  readonly alertWebhookUrl?: pulumi.Output<string> | undefined;
  readonly grafana: StoredSystemArgs;
  /** Scheduled dumps of SQL and Grafana to object storage. */
  readonly backups: BackupSettings;
  /** Generations of the secrets that are made. @default the first of each */
  readonly rotation?: RotationSettings | undefined;
  /** A caller's last word on what each system is made of. @default none */
  readonly transform?: PlatformTransforms;
}

/** A caller's last word on what each system is made of. */
export interface PlatformTransforms {
  readonly alertmanager?: AlertmanagerArgs["transform"];
  readonly ambassador?: AmbassadorArgs["transform"];
  readonly elastiCache?: ElastiCacheRedisArgs["transform"];
  readonly grafana?: GrafanaArgs["transform"];
  readonly kafka?: KafkaClusterArgs["transform"];
  readonly kafkaExporter?: KafkaExporterArgs["transform"];
  readonly kubeStateMetrics?: KubeStateMetricsArgs["transform"];
  readonly msk?: MskKafkaArgs["transform"];
  readonly nginxRtmp?: NginxRtmpArgs["transform"];
  readonly objectStorage?: ObjectStorageArgs["transform"];
  readonly prometheus?: PrometheusArgs["transform"];
  readonly rateLimit?: RateLimitArgs["transform"];
  readonly rds?: RdsSqlArgs["transform"];
  readonly redis?: RedisArgs["transform"];
  readonly s3?: S3ObjectStorageArgs["transform"];
  readonly sql?: SqlArgs["transform"];
}

/** Scheduled dumps. */
export interface BackupSettings {
  readonly enabled: boolean;
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /** Number of dumps of each system that are kept. */
  readonly keep: number;
  /** The bucket, of which one in an external storage must be there. */
  readonly bucket: string;
}

/** The edge. */
export interface AmbassadorSettings extends SystemArgs, Pick<AmbassadorArgs, "definitions"> {
  readonly replicas: number;
  readonly hostname: string;
  readonly serviceType: "ClusterIP" | "NodePort" | "LoadBalancer";
  /** Secret with the certificate, in the platform's namespace. @default none: no TLS */
  readonly tlsSecretName?: string;
  /** What a client may ask of one deployment. */
  readonly rateLimit: RateLimitPolicy;
}
