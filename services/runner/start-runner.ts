import { setTimeout as sleep } from "node:timers/promises";
import {
  createLogger,
  createMetrics,
  errorText,
  GroupConsumer,
  isRefusal,
  KafkaCluster,
  kafkaConnection,
  kafkaSettings,
  monitoringAddress,
  MonitoringServer,
  ObjectStorage,
  readConfig,
  serviceIdentity,
  startTracing,
  TransactionalProducer,
  type Logger,
  type MessageHandler,
  type RunningService,
} from "@algorun/common";
import { algoEnvironment } from "./execute/algo-environment";
import { ExecutableExecutor } from "./execute/executable-executor";
import type { Executor } from "./execute/executor";
import { GrpcExecutor } from "./execute/grpc-executor";
import { HttpExecutor } from "./execute/http-executor";
import { isRead } from "./execute/produced-files";
import { emptyFolders } from "./execute/run-folders";
import { RunnerMetrics } from "./monitoring/runner-metrics";
import { Runner } from "./runner";
import { runnerConfigSchema, type RunnerConfig } from "./runner-config";

/**
 * After so long, brokers give up a transaction of a runner that is gone, and readers see what is behind it. A
 * transaction is open only while it is committed, which takes milliseconds.
 */
const transactionTimeoutMs = 10_000;

/** Starts a runner from its configuration and its environment. */
export async function startRunner(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<RunningService> {
  const config = readConfig(runnerConfigSchema, argv);
  const settings = kafkaSettings(environment);
  const address = monitoringAddress(environment);
  const { algo } = config;
  const component = `${algo.owner}/${algo.name}:${algo.version}[${algo.index}]`;
  const identity = serviceIdentity(config, component, settings.instance);
  const logger = createLogger(identity);
  const tracing = startTracing(identity);
  const registry = createMetrics({
    deployment: identity.deployment,
    pipeline: identity.pipeline,
    component: "algo",
    name: `${algo.owner}.${algo.name}`,
    version: algo.version,
    index: String(algo.index),
  });
  const folders = {
    input: environment["ALGORUN_INPUT_FOLDER"] ?? "/input",
    output: environment["ALGORUN_OUTPUT_FOLDER"] ?? "/output",
  };
  await emptyFolders(folders);
  const executor = executorOf(config, environment);
  const storage = config.storage && new ObjectStorage(config.storage.bucket);
  const metrics = new RunnerMetrics(registry);
  const runner = new Runner({
    config,
    component,
    executor,
    storage,
    folders,
    metrics,
    tracer: tracing.tracer,
    logger,
  });
  const cluster = new KafkaCluster(kafkaConnection(settings));
  const groupId = settings.consumerGroup ?? identity.deployment;
  const transactionalId = `${config.transactionalIdPrefix}${settings.instance}`;
  const producer = new TransactionalProducer(cluster, { transactionalId, transactionTimeoutMs });
  const consumer = new GroupConsumer(
    cluster,
    {
      group: { groupId, instanceId: settings.instance, topics: runner.topics },
      limits: { concurrency: 1, maxUncommitted: 200, maxBytes: 4 * 2 ** 20 },
    },
    handlerOf(runner, producer),
    logger,
  );
  let isAlgoReady = false;
  const monitoring = new MonitoringServer({
    metrics: registry,
    health: () =>
      !isAlgoReady
        ? "the algo's server does not listen"
        : consumer.isMember
          ? undefined
          : "not in the consumer group",
    ready: () => (isAlgoReady && consumer.isMember ? undefined : "not in the consumer group"),
  });
  const port = await monitoring.listen(address);
  logger.info({ port, topics: runner.topics }, "started");
  const unread = config.outputs.filter((output) => !isRead(output)).map(({ name }) => name);
  if (unread.length > 0) logger.info({ outputs: unread }, "nobody reads these outputs: they are dropped");
  const ended = new AbortController();
  const running = (async () => {
    await executor.ready(ended.signal);
    isAlgoReady = true;
    await untilBegun(producer, ended.signal, logger);
    await consumer.run();
  })();
  endOnError(running, ended.signal, logger);
  return {
    logger,
    // One message may take as long, and the pod's grace period is longer still.
    drainSeconds: config.timeoutSeconds + 12,
    drain: async () => {
      ended.abort();
      await consumer.close();
      await monitoring.close();
      await tracing.close();
      storage?.close();
      await cluster.close();
    },
  };
}

/** Kafka may be away just when a runner starts: then it waits. */
async function untilBegun(
  producer: TransactionalProducer,
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  for (;;) {
    try {
      await producer.begin(signal);
      return;
    } catch (error) {
      if (signal.aborted || isRefusal(error)) throw error;
      logger.warn({ reason: errorText(error) }, "waits for Kafka");
      await sleep(1_000, undefined, { signal });
    }
  }
}

function handlerOf(runner: Runner, producer: TransactionalProducer): MessageHandler {
  return {
    work: (message, context) => runner.work(message, context),
    commit: (batch) => producer.commit(batch),
    settle: (signal) => producer.begin(signal),
    refused: (message, written, error) => runner.refused(message, written, error),
  };
}

function executorOf(config: RunnerConfig, environment: NodeJS.ProcessEnv): Executor {
  switch (config.executor) {
    case "Executable":
      return new ExecutableExecutor(config, algoEnvironment(environment));
    case "http":
      return new HttpExecutor(config);
    case "grpc":
      return new GrpcExecutor(config);
  }
}

/** What Kafka refuses for good, no waiting heals: Kubernetes starts the runner again, and shows that it does. */
function endOnError(running: Promise<void>, ended: AbortSignal, logger: Logger): void {
  running.catch((error: unknown) => {
    if (ended.aborted) return;
    logger.fatal({ reason: errorText(error) }, "can't go on");
    process.exit(1);
  });
}
