import { parseJson } from "../local/files";
import { objectKey, type PodObjects } from "../local/pods/kubernetes-objects";
import { UserError } from "../local/user-error";
import { gatewayConfigSchema, type GatewayConfig } from "../services/gateway/configuration/gateway-config";
import { hookConfigSchema, type HookConfig } from "../services/hook-runner/hook-config";
import { runnerConfigSchema, type RunnerConfig } from "../services/runner/runner-config";

/** A path of the endpoint. */
export type PathConfig = GatewayConfig["paths"][number];

/** Who reads which topics, and writes which in turn. */
export interface Reader {
  readonly name: string;
  readonly group: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Topics of its own, where messages wait for another attempt. */
  readonly retryTopics: readonly string[];
  /** Where messages lie that it has given up. */
  readonly deadLetterTopics: readonly string[];
}

/** A pipeline, as its deployed configuration has it. */
export interface PipelineConfig {
  readonly owner: string;
  readonly name: string;
  readonly paths: readonly PathConfig[];
  /** Where the endpoint's pods listen. */
  readonly ports: Readonly<Record<"http" | "grpc", number>>;
  readonly isAuthenticated: boolean;
  readonly hook: HookConfig | undefined;
  readonly readers: readonly Reader[];
}

/** The configuration of the runner in an algo's pods; undefined when it has none. */
export function runnerConfigOf(
  objects: PodObjects,
  namespace: string,
  workload: string,
): RunnerConfig | undefined {
  const text = objects.configMaps[objectKey(namespace, `${workload}-runner-config`)]?.["runner.json"];
  return text === undefined
    ? undefined
    : parseJson(text, runnerConfigSchema, `The runner's configuration of ${workload}`);
}

/** Key of the Secret with the hook's configuration, and the file in it. */
export function hookConfigKey(namespace: string): string {
  return objectKey(namespace, "hook-config");
}
export const hookConfigFile = "config.json";

/**
 * Reads what a pipeline's pods are told.
 *
 * @throws UserError when it has no endpoint
 */
export function pipelineConfig(objects: PodObjects, namespace: string): PipelineConfig {
  const gateway = objects.configMaps[objectKey(namespace, "endpoint-config")]?.["config.json"];
  if (gateway === undefined)
    throw new UserError(`${namespace} has no endpoint: there is nowhere to send something to`);
  const { deployment, server, paths, authentication } = parseJson(
    gateway,
    gatewayConfigSchema,
    "The gateway's configuration",
  );
  const hookText = objects.secrets[hookConfigKey(namespace)]?.[hookConfigFile];
  const hook =
    hookText === undefined ? undefined : parseJson(hookText, hookConfigSchema, "The hook's configuration");
  return {
    ...deployment,
    paths,
    ports: { http: server.http.listen.port, grpc: server.grpc.listen.port },
    isAuthenticated: authentication !== undefined,
    hook,
    readers: objects.workloads.flatMap((workload) => readerOf(workload, objects, namespace, hook)),
  };
}

function readerOf(
  { metadata: { name }, spec }: PodObjects["workloads"][number],
  objects: PodObjects,
  namespace: string,
  hook: HookConfig | undefined,
): readonly Reader[] {
  const variables = spec.template.spec.containers.flatMap(({ env }) => env);
  const group = variables.find((variable) => variable.name === "KAFKA_CONSUMER_GROUP")?.value;
  if (group === undefined) return [];
  const topics = (prefix: string): readonly string[] =>
    variables.flatMap((variable) => (variable.name.startsWith(prefix) ? variable.value.split(",") : []));
  const isHook = hook?.consumerGroup === group;
  const reads = isHook ? hook.webhooks.flatMap((each) => each.topics) : topics("KAFKA_INPUT_TOPIC_");
  const { retries = [], deadLetterTopic } = isHook
    ? { deadLetterTopic: hook.deadLetterTopic }
    : (runnerConfigOf(objects, namespace, name) ?? {});
  return [
    {
      name,
      group,
      reads: [...new Set(reads)],
      writes: topics("KAFKA_OUTPUT_TOPIC_"),
      retryTopics: retries.flatMap(({ steps }) => steps.flatMap(({ topic }) => topic ?? [])),
      deadLetterTopics: [
        ...new Set([
          ...retries.map((each) => each.deadLetterTopic),
          ...(deadLetterTopic === undefined ? [] : [deadLetterTopic]),
        ]),
      ],
    },
  ];
}

/** How many messages of a topic come out of each webhook for one that is put into it, by the webhook's name. */
export function routesFrom(
  topic: string,
  { hook, readers }: Pick<PipelineConfig, "hook" | "readers">,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const follow = (current: string, seen: readonly string[]): void => {
    if (seen.includes(current)) return;
    for (const { name, topics } of hook?.webhooks ?? [])
      if (topics.includes(current)) counts[name] = (counts[name] ?? 0) + 1;
    for (const { reads, writes } of readers)
      if (reads.includes(current)) for (const next of new Set(writes)) follow(next, [...seen, current]);
  };
  follow(topic, []);
  return counts;
}

/**
 * The deliveries that will not be, since a message lies in a topic of dead letters.
 *
 * @param errorWebhook - whom the hook could not deliver it to
 */
export function deliveriesLost(
  deadLetterTopic: string,
  errorWebhook: string | undefined,
  config: Pick<PipelineConfig, "hook" | "readers">,
): Readonly<Record<string, number>> {
  const reader = config.readers.find(({ deadLetterTopics }) => deadLetterTopics.includes(deadLetterTopic));
  if (reader === undefined) return {};
  if (reader.group === config.hook?.consumerGroup)
    return errorWebhook === undefined ? {} : { [errorWebhook]: 1 };
  const counts: Record<string, number> = {};
  for (const topic of new Set(reader.writes))
    for (const [webhook, count] of Object.entries(routesFrom(topic, config)))
      counts[webhook] = (counts[webhook] ?? 0) + count;
  return counts;
}
