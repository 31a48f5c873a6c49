import {
  createLogger,
  createMetrics,
  kafkaConnection,
  kafkaSettings,
  MonitoringServer,
  ObjectStorage,
  readConfig,
  serviceIdentity,
  startTracing,
  type Logger,
  type RunningService,
} from "@algorun/common";
import type { MediaIngest } from "@algorun/media-ingest";
import { authenticationOf, type Authentication } from "./authentication/authentication";
import { gatewayConfigSchema, type GatewayConfig } from "./configuration/gateway-config";
import { CircuitBreaker } from "./delivery/circuit-breaker";
import { Delivery } from "./delivery/delivery";
import { KafkaProducer } from "./delivery/kafka-producer";
import { KafkaProbe } from "./delivery/kafka-probe";
import { drainGateway } from "./drain-gateway";
import { GrpcServer } from "./grpc/grpc-server";
import { HttpServer } from "./http/http-server";
import { Intake } from "./intake/intake";
import { PathDirectory } from "./intake/path-directory";
import { ByteBudget } from "./limits/byte-budget";
import { memoryLimits, type MemoryLimits } from "./limits/memory-limits";
import { logModeOf, TopicLogs } from "./log/topic-logs";
import { startMediaStreams } from "./media-streams";
import { GatewayMetrics } from "./monitoring/gateway-metrics";

/** Room for the other fields of a gRPC request. */
const grpcFraming = 64 * 1024;
/** A file that comes by gRPC comes in pieces; each of them may have so many bytes, as gRPC itself has it. */
const grpcPiece = 4 * 1024 * 1024;

/** The parts of a gateway. */
export interface GatewayParts {
  readonly logger: Logger;
  readonly breaker: CircuitBreaker;
  readonly producer: KafkaProducer;
  readonly logs: TopicLogs;
  readonly http: HttpServer;
  readonly grpc: GrpcServer;
  readonly monitoring: MonitoringServer;
  /** Undefined: the endpoint has no media streams, or another pod plays them. */
  readonly media: MediaIngest | undefined;
  readonly closers: readonly (() => Promise<void> | void)[];
  /** Whether the gateway is about to end. */
  readonly state: { draining: boolean };
}

/** Starts a gateway. */
export async function startGateway(argv: readonly string[]): Promise<RunningService> {
  const config = readConfig(gatewayConfigSchema, argv);
  const kafka = kafkaSettings(process.env);
  const identity = serviceIdentity(config, "endpoint", kafka.instance);
  const logger = createLogger(identity);
  const registry = createMetrics({ deployment: identity.deployment, pipeline: identity.pipeline });
  const metrics = new GatewayMetrics(registry);
  const tracing = startTracing(identity);
  const breaker = new CircuitBreaker(config.producer.cb);
  const producer = new KafkaProducer(
    kafkaConnection(kafka),
    config.kafka.params,
    observerOf(breaker, metrics),
    logger,
  );
  const limits = memoryLimits(config);
  const logs = await TopicLogs.open({
    config,
    breaker,
    logger,
    send: (message) => producer.send(message),
    windowBytes: limits.replay,
  });
  const storage = config.storage === undefined ? undefined : new ObjectStorage(config.storage.bucket);
  const bodies = new ByteBudget(limits.bodies);
  const uploads = new ByteBudget(limits.uploads);
  const delivery = deliveryOf(config, limits, { breaker, logs, producer });
  const intake = new Intake({ delivery, storage, bodies, uploads, tracer: tracing.tracer, logger });
  const authentication = authenticationOf(config.authentication, logger);
  const servers = serversOf(config, { intake, authentication, metrics, logger });
  const state = { draining: false };
  const monitoring = new MonitoringServer({
    metrics: registry,
    health: () => undefined,
    ready: () => notReady(state, breaker, logs),
  });
  metrics.observe({
    bodyBytes: () => bodies.used,
    uploadBytes: () => uploads.used,
    pendingBytes: () => producer.pendingBytes,
    kafkaUp: () => breaker.current === "closed",
    logBytes: () => logs.space.used,
    logLimit: () => logs.space.limit,
    logMessages: () => logs.messages,
    oldestInLog: () => logs.oldest,
  });
  const probe = new KafkaProbe(producer, breaker);
  const closers = [
    () => {
      probe.stop();
    },
    () => authentication?.close(),
    () => producer.close(),
    () => storage?.close(),
    () => tracing.close(),
  ];
  const media = startMediaStreams({
    config,
    address: process.env["RTMP_ADDRESS"],
    instance: kafka.instance,
    delivery,
    storage,
    logger,
    metrics: registry,
  });
  const parts: GatewayParts = {
    logger,
    breaker,
    producer,
    logs,
    ...servers,
    monitoring,
    media,
    closers,
    state,
  };
  await monitoring.listen(config.server.monitoring.listen);
  await probe.first();
  await servers.http.listen(config.server.http.listen);
  await servers.grpc.listen(config.server.grpc.listen);
  logger.info({ paths: config.paths.map(({ name }) => name) }, "taking requests");
  return { logger, drain: () => drainGateway(parts) };
}

function observerOf(
  breaker: CircuitBreaker,
  metrics: GatewayMetrics,
): ConstructorParameters<typeof KafkaProducer>[2] {
  return {
    succeeded: (seconds) => {
      metrics.kafkaSeconds.observe(seconds);
      breaker.succeeded();
    },
    failed: () => {
      metrics.kafkaFailures.inc();
      breaker.failed();
    },
    refused: () => {
      metrics.kafkaFailures.inc();
      breaker.succeeded();
    },
  };
}

function deliveryOf(
  { kafka, producer: settings }: GatewayConfig,
  { pending }: MemoryLimits,
  { breaker, logs, producer }: Pick<GatewayParts, "breaker" | "logs" | "producer">,
): Delivery {
  return new Delivery({
    producer,
    breaker,
    modeOf: (topic) => logModeOf(settings.wal, topic),
    logs: logs.usable,
    confirmMs: kafka.params.confirmMs,
    pendingBytes: pending,
  });
}

function serversOf(
  config: GatewayConfig,
  common: {
    readonly intake: Intake;
    readonly authentication: Authentication | undefined;
    readonly metrics: GatewayMetrics;
    readonly logger: Logger;
  },
): Pick<GatewayParts, "http" | "grpc"> {
  const paths = new PathDirectory(config);
  const embedded = config.paths.flatMap((path) =>
    path.protocol === "grpc" && path.messageDataType === "Embedded" ? [path.maxBodyBytes] : [],
  );
  return {
    http: new HttpServer({ ...common, paths, requestSeconds: config.server.http.requestSeconds }),
    grpc: new GrpcServer({
      ...common,
      paths,
      mostRequestBytes: Math.max(grpcPiece, ...embedded) + grpcFraming,
    }),
  };
}

/** A gateway is ready as long as it can make messages safe somewhere. */
function notReady(
  { draining }: GatewayParts["state"],
  breaker: CircuitBreaker,
  logs: TopicLogs,
): string | undefined {
  if (draining) return "draining";
  if (breaker.current === "closed" || logs.hasRoom) return undefined;
  return "Kafka does not take messages, and the write-ahead log has no room";
}
