import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Backup, backupWorkloads } from "./backend/backup/backup";
import { Alertmanager } from "./backend/alertmanager/alertmanager";
import { KafkaExporter, kafkaExporterUser } from "./backend/kafka-exporter/kafka-exporter";
import { Prometheus } from "./backend/prometheus/prometheus";
import { Redis } from "./backend/redis/redis";
import { Sql } from "./backend/sql/sql";
import { Component } from "./component";
import { ExternalKafka } from "./data/kafka/external-kafka";
import { KafkaCluster } from "./data/kafka/kafka-cluster";
import { hostAndPort } from "./data/kafka/host-and-port";
import { partOfAlgoRun } from "./data/kafka/kafka-cluster-args";
import { ExternalObjectStorage } from "./data/object-storage/external-object-storage";
import { ObjectStorage } from "./data/object-storage/object-storage";
import { Grafana } from "./frontend/grafana/grafana";
import { imageReference, images, type ImageName, type PinnedImage } from "./images";
import { Ambassador } from "./ingress/ambassador";
import { NginxRtmp } from "./ingress/nginx-rtmp";
import type { KafkaSettings, ObjectStorageSettings, PlatformArgs } from "./platform-args";
import type {
  GatewayService,
  KafkaService,
  MediaStreamService,
  ObjectStorageService,
  ObservabilityService,
  PlatformServices,
  RegistryService,
} from "./platform-services";
import { defaultQuota, GuardedNamespace } from "./workload/guarded-namespace";
import { namespacePeer, podsOf } from "./workload/network-policy";
import type { PodDefaults } from "./workload/pod-defaults";

/** Names of the systems: of their components, and of their objects in the platform's namespace. */
const names = {
  alertmanager: "alertmanager",
  ambassador: "ambassador",
  grafana: "grafana",
  kafkaExporter: "kafka-exporter",
  kafka: "kafka",
  nginxRtmp: "nginx-rtmp",
  objectStorage: "object-storage",
  prometheus: "prometheus",
  redis: "redis",
  sql: "sql",
} as const;

/** The systems that stand around the pipelines, wired together; what a pipeline asks of them is its face. */
export class Platform extends Component implements PlatformServices {
  readonly kafka: KafkaService;
  readonly objectStorage: ObjectStorageService;
  readonly gateway: GatewayService;
  readonly mediaStreams: MediaStreamService | undefined;
  readonly observability: ObservabilityService;
  readonly registry: RegistryService;
  /** Dashboards. */
  readonly grafana: Grafana;
  private readonly prometheus: Prometheus;
  private readonly args: PlatformArgs;
  private readonly namespace: GuardedNamespace;
  private readonly defaults: PodDefaults;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Platform", name, opts);
    this.args = args;
    this.namespace = new GuardedNamespace(
      args.namespace,
      { quota: { ...defaultQuota, "services.loadbalancers": "3", "services.nodeports": "12" } },
      this.childOptions(),
    );
    this.defaults = { ...args.pods, retainClaims: args.retainData };
    this.registry = { images: args.services, pullSecret: args.pullSecret };
    this.prometheus = this.makeMonitoring();
    this.grafana = this.makeGrafana();
    this.observability = this.observabilityOf(this.prometheus, this.grafana);
    this.kafka = this.makeKafka(args.kafka);
    this.makeKafkaExporter(args.kafka);
    this.objectStorage = this.makeObjectStorage(args.objectStorage);
    const sql = this.makeSql();
    this.makeBackups(sql);
    this.gateway = this.makeAmbassador(this.makeRedis());
    this.mediaStreams = args.mediaStreams ? this.makeNginxRtmp() : undefined;
    this.registerOutputs({
      httpAddress: this.gateway.httpAddress,
      bootstrapServers: this.kafka.bootstrapServers,
    });
  }

  private makeMonitoring(): Prometheus {
    const { prometheus, alertWebhookUrl } = this.args;
    const watched = podsOf(names.prometheus);
    const alertmanager = new Alertmanager(
      names.alertmanager,
      {
        ...this.shared(),
        clients: [watched],
        image: this.image("alertmanager"),
        transform: this.args.transform?.alertmanager,
        ...(alertWebhookUrl && { webhookUrl: alertWebhookUrl }),
      },
      this.afterNamespace(),
    );
    return new Prometheus(
      names.prometheus,
      {
        ...prometheus,
        ...this.shared(),
        alertmanager: alertmanager.endpoint,
        alertmanagerAddress: alertmanager.address,
        clients: [podsOf(names.grafana)],
        image: this.image("prometheus"),
        transform: this.args.transform?.prometheus,
      },
      this.afterNamespace(),
    );
  }

  private makeGrafana(): Grafana {
    return new Grafana(
      names.grafana,
      {
        ...this.args.grafana,
        ...this.shared(),
        prometheusUrl: this.prometheus.url,
        prometheusAddress: this.prometheus.address,
        image: this.image("grafana"),
        transform: this.args.transform?.grafana,
      },
      this.afterNamespace(),
    );
  }

  private observabilityOf(prometheus: Prometheus, grafana: Grafana): ObservabilityService {
    return {
      address: prometheus.address,
      scrapeAnnotations: (port, path) => prometheus.scrapeAnnotations(port, path),
      ruleFiles: prometheus.ruleFiles,
      dashboards: grafana.pipelineDashboards,
      kafkaUser: kafkaExporterUser,
      dashboardAddress: (uid) => grafana.dashboardAddress(uid),
    };
  }

  private makeKafkaExporter(settings: KafkaSettings): void {
    const { kafka, observability } = this;
    new KafkaExporter(
      names.kafkaExporter,
      {
        ...this.shared(),
        kafka,
        bootstrapServers: settings.mode === "external" ? settings.bootstrapServers : [kafka.bootstrapServers],
        observability,
        image: this.image("kafkaExporter"),
        transform: this.args.transform?.kafkaExporter,
      },
      this.afterNamespace(),
    );
  }

  private makeKafka(settings: KafkaSettings): KafkaService {
    const administration = this.args.kafkaAdministration;
    if (settings.mode === "external") {
      if (administration === undefined) throw new Error("an external Kafka needs an administrator");
      return new ExternalKafka(names.kafka, { ...settings, administration }, this.childOptions());
    }
    const { controllerStorageSize, brokerStorageSize, external, ...cluster } = settings;
    return new KafkaCluster(
      names.kafka,
      {
        ...cluster,
        ...this.shared(),
        clients: this.kafkaClients(),
        image: imageReference(this.image("kafka")),
        transform: this.args.transform?.kafka,
        ...(external && { external: { ...external, addresses: external.addresses.map(hostAndPort) } }),
        ...(controllerStorageSize && { controllerStorage: { size: controllerStorageSize } }),
        ...(brokerStorageSize && { brokerStorage: { size: brokerStorageSize } }),
        ...(administration && { administration }),
      },
      this.afterNamespace(),
    );
  }

  /** Pipelines and systems, and KEDA where it asks about consumers. */
  private kafkaClients(): readonly k8s.types.input.networking.v1.NetworkPolicyPeer[] {
    const { consumerLag } = this.args;
    return consumerLag?.source === "keda"
      ? [...partOfAlgoRun, namespacePeer(consumerLag.namespace)]
      : partOfAlgoRun;
  }

  private makeObjectStorage(settings: ObjectStorageSettings): ObjectStorageService {
    if (settings.engine === "external") {
      const secretAccessKey = this.args.objectStorageSecretAccessKey;
      if (secretAccessKey === undefined)
        throw new Error("an external object storage needs a secret access key");
      return new ExternalObjectStorage(
        names.objectStorage,
        { ...settings, secretAccessKey },
        this.childOptions(),
      );
    }
    const { storageSize, ...server } = settings;
    const { minio, seaweedfs } = { minio: this.image("minio"), seaweedfs: this.image("seaweedfs") };
    const isMinio = settings.engine === "minio";
    return new ObjectStorage(
      names.objectStorage,
      {
        ...server,
        ...this.shared(),
        transform: this.args.transform?.objectStorage,
        image: imageReference(isMinio ? minio : seaweedfs),
        clientImage: imageReference(isMinio ? this.image("minioClient") : seaweedfs),
        ...(storageSize && { storage: { size: storageSize } }),
      },
      this.afterNamespace(),
    );
  }

  private makeSql(): Sql {
    const { sql, backups } = this.args;
    return new Sql(
      names.sql,
      {
        ...sql,
        ...this.shared(),
        clients: !backups.enabled
          ? []
          : Object.values(backupWorkloads(names.sql)).map((name) => podsOf(name)),
        image: this.image(sql.engine),
        transform: this.args.transform?.sql,
      },
      this.afterNamespace(),
    );
  }

  /** Dumps of what can't be made anew: the bucket is retained like all others. */
  private makeBackups(sql: Sql): void {
    const { backups } = this.args;
    if (!backups.enabled) return;
    const { bucket: bucketName, schedule, keep } = backups;
    const bucket = this.objectStorage.createBucket(bucketName, this.childOptions());
    const clientImage = imageReference(this.image("minioClient"));
    const sources = {
      [names.sql]: sql.backupSource,
      [names.grafana]: this.grafana.backupSource(imageReference(this.image("python"))),
    };
    for (const [name, source] of Object.entries(sources)) {
      const args = {
        schedule,
        keep,
        ...this.shared(),
        source,
        bucket,
        storage: this.objectStorage,
        clientImage,
      };
      new Backup(name, args, this.afterNamespace());
    }
  }

  private makeRedis(): Redis {
    return new Redis(
      names.redis,
      {
        ...this.args.redis,
        ...this.shared(),
        clients: [podsOf(`${names.ambassador}-ratelimit`)],
        image: this.image("valkey"),
        transform: this.args.transform?.redis,
      },
      this.afterNamespace(),
    );
  }

  private makeAmbassador(redis: Redis): Ambassador {
    const { serviceType, tlsSecretName, rateLimit, ...ambassador } = this.args.ambassador;
    return new Ambassador(
      names.ambassador,
      {
        ...ambassador,
        ...this.shared(),
        image: imageReference(this.image("emissary")),
        transform: this.args.transform?.ambassador,
        service: { type: serviceType },
        observability: this.observability,
        rateLimit: {
          redis,
          policy: rateLimit,
          deployments: this.args.rateLimits ?? {},
          image: imageReference(this.image("rateLimit")),
          transform: this.args.transform?.rateLimit,
        },
        ...(tlsSecretName && { tls: { secretName: tlsSecretName } }),
      },
      this.afterNamespace(),
    );
  }

  private makeNginxRtmp(): NginxRtmp {
    const { hostname, serviceType } = this.args.ambassador;
    return new NginxRtmp(
      names.nginxRtmp,
      {
        ...this.shared(),
        hostname,
        image: imageReference(this.image("nginxRtmp")),
        keyCheckImage: imageReference(this.image("nginx")),
        transform: this.args.transform?.nginxRtmp,
        service: { type: serviceType },
      },
      this.afterNamespace(),
    );
  }

  /** What every system is told. */
  private shared(): { namespace: pulumi.Output<string>; defaults: PodDefaults } {
    return { namespace: this.namespace.namespaceName, defaults: this.defaults };
  }

  /** No pod before the guard rails of its namespace. */
  private afterNamespace(): pulumi.ComponentResourceOptions {
    return this.childOptions({ dependsOn: [...this.namespace.ready] });
  }

  /** The pinned image, or what the environment has instead of it. */
  private image(name: ImageName): PinnedImage {
    return { ...images[name], ...this.args.images[name] };
  }
}
