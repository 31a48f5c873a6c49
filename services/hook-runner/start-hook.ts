import { Producer } from "@platformatic/kafka";
import {
  commitOffsets,
  createLogger,
  createMetrics,
  errorText,
  GroupConsumer,
  KafkaCluster,
  kafkaConnection,
  kafkaSettings,
  monitoringAddress,
  MonitoringServer,
  readConfig,
  serviceIdentity,
  startTracing,
  type MessageHandler,
  type RunningService,
} from "@algorun/common";
import { WebhookTarget } from "./deliver/webhook-target";
import { Hook } from "./hook";
import { hookConfigSchema } from "./hook-config";
import { patienceOf } from "./hook-environment";
import { HookMetrics } from "./hook-metrics";

const commitPauseMs = 50;
/**
 * Messages of a partition that may wait for a receiver that is down before the other receivers wait with it. All of them
 * count as worked on.
 */
const mostWaiting = 500;

/** Starts a hook from its configuration and its environment. */
export async function startHook(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<RunningService> {
  const config = readConfig(hookConfigSchema, argv);
  const settings = kafkaSettings(environment);
  const address = monitoringAddress(environment);
  const patience = patienceOf(environment);
  const identity = serviceIdentity(config, "hook", settings.instance);
  const logger = createLogger(identity);
  const tracing = startTracing(identity);
  const registry = createMetrics({ deployment: identity.deployment, pipeline: identity.pipeline });
  const metrics = new HookMetrics(registry);
  const observer = { metrics, logger, tracer: tracing.tracer };
  const targets = config.webhooks.map((webhook) => new WebhookTarget(webhook, patience, observer));
  const cluster = new KafkaCluster(kafkaConnection(settings));
  const producer = new Producer({
    ...kafkaConnection(settings),
    idempotent: true,
    retries: 5,
    retryDelay: 500,
  });
  producer.connections.on("connecting", ({ connection }) => {
    connection.on("error", () => undefined);
  });
  const topics = [...new Set(config.inputs.flatMap((input) => input.topics))];
  const consumer = new GroupConsumer(
    cluster,
    {
      group: { groupId: config.consumerGroup, instanceId: settings.instance, topics },
      limits: { concurrency: mostWaiting, maxUncommitted: mostWaiting, maxBytes: 8 * 2 ** 20 },
      // No receiver waits for a commit. What was sent within this time before a kill is sent again after it.
      batch: { pauseMs: commitPauseMs },
    },
    handlerOf(new Hook(targets, config.deadLetterTopic), cluster, producer),
    logger,
  );
  const health = (): string | undefined => (consumer.isMember ? undefined : "not in the consumer group");
  const monitoring = new MonitoringServer({ metrics: registry, health, ready: health });
  const port = await monitoring.listen(address);
  logger.info({ port, topics }, "started");
  let isDraining = false;
  consumer.run().catch((error: unknown) => {
    if (isDraining) return;
    logger.fatal({ reason: errorText(error) }, "can't go on");
    process.exit(1);
  });
  return {
    logger,
    // Less than the 30 s that the pod has.
    drainSeconds: 25,
    drain: async () => {
      isDraining = true;
      await consumer.close();
      await monitoring.close();
      await tracing.close();
      await producer.close();
      await cluster.close();
    },
  };
}

/** Dead letters are in Kafka before the position of their message is: it may be there twice, and never not at all. */
function handlerOf(hook: Hook, cluster: KafkaCluster, producer: Producer): MessageHandler {
  return {
    work: (message, context) => hook.work(message, context),
    commit: async ({ messages, offsets, membership }) => {
      for (const { topic, key, value, headers } of messages) {
        const message = { topic, value, headers: new Map(headers), ...(key === null ? {} : { key }) };
        await producer.send({ messages: [message], acks: -1 });
      }
      await commitOffsets(cluster, membership, offsets);
    },
    settle: () => Promise.resolve(),
    refused: (_message, written) => hook.refused(written),
  };
}
