import * as pulumi from "@pulumi/pulumi";
import { AwsAccount } from "./aws/aws-account";
import { backupWorkloads } from "./backend/backup/backup";
import { makeBackups } from "./backend/backup/make-backups";
import { KafkaExporter, kafkaExporterUser } from "./backend/kafka-exporter/kafka-exporter";
import { KubeStateMetrics } from "./backend/kube-state-metrics/kube-state-metrics";
import type { Prometheus } from "./backend/prometheus/prometheus";
import { makeRedis } from "./backend/redis/redis-service";
import { makeSql } from "./backend/sql/sql-service";
import { Component } from "./component";
import type { KafkaHandover } from "./data/kafka/kafka-handover";
import { kafkaUsernames } from "./data/kafka/kafka-identity";
import { makeKafka, singleServers, type KafkaSettings } from "./data/kafka/kafka-service";
import { makeObjectStorage } from "./data/object-storage/object-storage-service";
import type { StorageHandover } from "./data/object-storage/storage-handover";
import { Grafana } from "./frontend/grafana/grafana";
import type { HandsOver } from "./handover";
import { imageReference, images, withOwn, type ImageName, type PinnedImage } from "./images";
import { Ambassador } from "./ingress/ambassador";
import { NginxRtmp } from "./ingress/nginx-rtmp";
import { makeMonitoring } from "./monitoring";
import type { PlatformArgs } from "./platform-args";
import { makeCertificates, type PlatformTls } from "./platform-certificates";
import type {
  GatewayService,
  KafkaService,
  ObjectStorageService,
  ObservabilityService,
  PlatformServices,
  RedisService,
  RegistryService,
  SqlService,
} from "./platform-services";
import { generationOf, type SecretGeneration, type SecretGroup } from "./secret-rotation";
import type { SystemContext } from "./system-context";
import { systemNames as names } from "./system-names";
import { defaultQuota, GuardedNamespace } from "./workload/guarded-namespace";
import { podsOf } from "./workload/network-policy";
import type { PodDefaults } from "./workload/pod-defaults";

/** The systems that stand around the pipelines, wired together; what a pipeline asks of them is its face. */
export class Platform extends Component implements PlatformServices {
  readonly kafka: KafkaService & HandsOver<KafkaHandover>;
  readonly objectStorage: ObjectStorageService & HandsOver<StorageHandover>;
  readonly gateway: GatewayService;
  readonly mediaStreams: NginxRtmp | undefined;
  readonly observability: ObservabilityService;
  /** Database of AlgoRun's own services. */
  readonly sql: SqlService;
  readonly registry: RegistryService;
  /** Dashboards. */
  readonly grafana: Grafana;
  private readonly prometheus: Prometheus;
  private readonly args: PlatformArgs;
  private readonly namespace: GuardedNamespace;
  private readonly tls: PlatformTls;
  private readonly defaults: PodDefaults;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:Platform", name, opts);
    this.args = args;
    this.namespace = new GuardedNamespace(
      args.namespace,
      { quota: { ...defaultQuota, "services.loadbalancers": "3", "services.nodeports": "12" } },
      this.childOptions(),
    );
    this.tls = makeCertificates(
      names.certificates,
      args,
      this.namespace.namespaceName,
      this.afterNamespace(),
    );
    this.defaults = { ...args.pods, retainClaims: args.retainData };
    this.registry = { images: args.services, pullSecret: args.pullSecret };
    const context = this.systemContext();
    this.prometheus = makeMonitoring(args, context);
    this.grafana = this.makeGrafana();
    this.observability = this.observabilityOf(this.prometheus, this.grafana);
    this.kafka = this.makeKafka(context);
    this.makeKafkaExporter(args.kafka);
    this.objectStorage = this.makeObjectStorage(context);
    this.sql = this.makeSql(context);
    this.makeBackups(context);
    this.gateway = this.makeAmbassador(this.makeRedis(context));
    this.mediaStreams = args.mediaStreams ? this.makeNginxRtmp() : undefined;
    this.registerOutputs({
      httpAddress: this.gateway.httpAddress,
      bootstrapServers: this.kafka.bootstrapServers,
    });
  }

  private makeGrafana(): Grafana {
    return new Grafana(
      names.grafana,
      {
        ...this.args.grafana,
        ...this.shared(),
        prometheusUrl: this.prometheus.url,
        prometheusAddress: this.prometheus.address,
        generation: this.generation("grafana"),
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
      kafkaUsers: kafkaUsernames(kafkaExporterUser, this.generation("kafkaUsers")),
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
        bootstrapServers: singleServers(settings, kafka),
        observability,
        generation: this.generation("kafkaUsers"),
        image: this.image("kafkaExporter"),
        transform: this.args.transform?.kafkaExporter,
      },
      this.afterNamespace(),
    );
  }

  private makeKafka(context: SystemContext): Platform["kafka"] {
    const { kafka, kafkaAdministration: administration, consumerLag, transform } = this.args;
    const kedaNamespace = consumerLag?.source === "keda" ? consumerLag.namespace : undefined;
    return makeKafka(
      names.kafka,
      kafka,
      {
        tls: this.tls.kafka,
        administration,
        kedaNamespace,
        transform: transform?.kafka,
        mskTransform: transform?.msk,
      },
      context,
    );
  }

  private makeObjectStorage(context: SystemContext): Platform["objectStorage"] {
    const { objectStorage, objectStorageSecretAccessKey: secretAccessKey, transform } = this.args;
    return makeObjectStorage(
      names.objectStorage,
      objectStorage,
      { secretAccessKey, transform: transform?.objectStorage, s3Transform: transform?.s3 },
      context,
    );
  }

  private makeSql(context: SystemContext): SqlService {
    const { sql, sqlPassword: password, backups, transform } = this.args;
    const workloads = backups.enabled ? Object.values(backupWorkloads(names.sql)) : [];
    const clients = workloads.map((name) => podsOf(name));
    return makeSql(
      names.sql,
      sql,
      { clients, tls: this.tls.sql, password, transform: transform?.sql, rdsTransform: transform?.rds },
      context,
    );
  }

  private makeBackups(context: SystemContext): void {
    if (!this.args.backups.enabled) return;
    const sources = {
      [names.sql]: this.sql.backupSource,
      [names.grafana]: this.grafana.backupSource(imageReference(this.image("python"))),
    };
    makeBackups(this.args.backups, sources, this.objectStorage, this.childOptions(), context);
    new KubeStateMetrics(
      names.kubeStateMetrics,
      {
        ...this.shared(),
        observability: this.observability,
        image: this.image("kubeStateMetrics"),
        transform: this.args.transform?.kubeStateMetrics,
      },
      this.afterNamespace(),
    );
  }

  private makeRedis(context: SystemContext): RedisService {
    const { redis, redisPassword: password, transform } = this.args;
    const clients = [podsOf(`${names.ambassador}-ratelimit`)];
    const { redis: tls } = this.tls;
    return makeRedis(
      names.redis,
      redis,
      { clients, tls, password, transform: transform?.redis, elastiCacheTransform: transform?.elastiCache },
      context,
    );
  }

  private makeAmbassador(redis: RedisService): Ambassador {
    const { serviceType, rateLimit, ...ambassador } = this.args.ambassador;
    const tls = this.tls.ambassador;
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
        ...(tls && { tls }),
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
        generation: this.generation("streamKeys"),
        image: imageReference(this.image("nginxRtmp")),
        keyCheckImage: imageReference(this.image("nginx")),
        transform: this.args.transform?.nginxRtmp,
        service: { type: serviceType },
      },
      this.afterNamespace(),
    );
  }

  /** What the choice of each system's implementation is made from; AWS is there as soon as one asks for it. */
  private systemContext(): SystemContext {
    const { aws, retainData } = this.args;
    let account: AwsAccount | undefined;
    return {
      shared: this.shared(),
      inCluster: this.afterNamespace(),
      elsewhere: this.childOptions(),
      retainData,
      image: (name) => this.image(name),
      generation: (group) => this.generation(group),
      aws: () => {
        if (aws === undefined) throw new Error("managed systems need the settings of aws");
        account ??= new AwsAccount(names.aws, { ...aws, retainData }, this.childOptions());
        return account;
      },
    };
  }

  /** What every system is told. */
  private shared(): { namespace: pulumi.Output<string>; defaults: PodDefaults } {
    return { namespace: this.namespace.namespaceName, defaults: this.defaults };
  }

  /** No pod before the guard rails of its namespace. */
  private afterNamespace(): pulumi.ComponentResourceOptions {
    return this.childOptions({ dependsOn: [...this.namespace.ready] });
  }

  private generation(group: SecretGroup): SecretGeneration {
    return generationOf(this.args.rotation, group);
  }

  /** The pinned image, or what the environment has instead of it. */
  private image(name: ImageName): PinnedImage {
    return withOwn(images[name], this.args.images[name] ?? {});
  }
}
