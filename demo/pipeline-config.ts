import { z } from "zod";
import { parseJson } from "../local/files";
import { objectKey, type PodObjects } from "../local/pods/kubernetes-objects";
import { UserError } from "../local/user-error";

const owned = z.object({ owner: z.string(), name: z.string() });

const pathSchema = z.object({
  name: z.string(),
  protocol: z.enum(["http", "grpc", "rtmp"]),
  topic: z.string(),
  contentType: z.string().default("application/octet-stream"),
  messageDataType: z.enum(["Embedded", "FileReference"]),
});

const gatewaySchema = z.object({
  deployment: owned,
  paths: z.array(pathSchema),
  authentication: z.unknown().optional(),
});

const runnerSchema = z.object({
  algo: owned,
  executor: z.string(),
  consumerGroup: z.string().default(""),
  inputs: z.array(
    z.object({
      delivery: z.string(),
      contentTypes: z.array(z.string()),
      topics: z.array(z.string()),
      http: z.object({ port: z.number() }).optional(),
      grpc: z.object({ port: z.number() }).optional(),
      fileParameter: z.object({ parameter: z.string().optional() }).optional(),
    }),
  ),
  outputs: z.array(
    z.object({
      delivery: z.string(),
      contentType: z.string(),
      parameter: z.string().optional(),
      topic: z.string().optional(),
    }),
  ),
  retries: z
    .array(
      z.object({ deadLetterTopic: z.string(), steps: z.array(z.object({ topic: z.string().optional() })) }),
    )
    .default([]),
  deadLetterTopic: z.string().optional(),
});

const hookSchema = z.object({
  consumerGroup: z.string(),
  deadLetterTopic: z.string().optional(),
  webhooks: z.array(
    z.looseObject({
      name: z.string(),
      url: z.string(),
      topics: z.array(z.string()),
      signature: z.object({ file: z.string() }).optional(),
    }),
  ),
});

/** A path of the endpoint. */
export type PathConfig = z.infer<typeof pathSchema>;
/** What a runner is told. */
export type RunnerConfig = z.infer<typeof runnerSchema>;
/** What the hook is told. */
export type HookConfig = z.infer<typeof hookSchema>;

/** Who reads which topics, and writes which in turn. */
export interface Reader {
  readonly name: string;
  readonly group: string;
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** A pipeline, as its deployed configuration has it. */
export interface PipelineConfig {
  readonly owner: string;
  readonly name: string;
  readonly paths: readonly PathConfig[];
  readonly isAuthenticated: boolean;
  readonly hook: HookConfig | undefined;
  readonly readers: readonly Reader[];
  /** Topics of messages that wait for another attempt. */
  readonly retryTopics: readonly string[];
  readonly deadLetterTopics: readonly string[];
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
    : parseJson(text, runnerSchema, `The runner's configuration of ${workload}`);
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
  const { deployment, paths, authentication } = parseJson(
    gateway,
    gatewaySchema,
    "The gateway's configuration",
  );
  const hookText = objects.secrets[hookConfigKey(namespace)]?.[hookConfigFile];
  const hook =
    hookText === undefined ? undefined : parseJson(hookText, hookSchema, "The hook's configuration");
  const runners = objects.workloads.map(({ metadata }) => runnerConfigOf(objects, namespace, metadata.name));
  const known = runners.filter((runner) => runner !== undefined);
  const retries = known.flatMap((runner) => runner.retries);
  return {
    ...deployment,
    paths,
    isAuthenticated: authentication !== undefined,
    hook,
    readers: objects.workloads.flatMap(({ metadata: { name }, spec }): readonly Reader[] => {
      const containers = spec.template.spec.containers;
      const env = Object.fromEntries(
        containers.flatMap((each) => each.env.map((one) => [one.name, one.value])),
      );
      const group = env["KAFKA_CONSUMER_GROUP"];
      if (group === undefined) return [];
      const topics = (prefix: string): readonly string[] =>
        Object.entries(env).flatMap(([variable, value]) =>
          variable.startsWith(prefix) ? value.split(",") : [],
        );
      const reads =
        hook?.consumerGroup === group
          ? hook.webhooks.flatMap((each) => each.topics)
          : topics("KAFKA_INPUT_TOPIC_");
      return [{ name, group, reads: [...new Set(reads)], writes: topics("KAFKA_OUTPUT_TOPIC_") }];
    }),
    retryTopics: retries.flatMap(({ steps }) => steps.flatMap(({ topic }) => topic ?? [])),
    deadLetterTopics: [
      ...new Set([
        ...retries.map(({ deadLetterTopic }) => deadLetterTopic),
        ...[...known, hook].flatMap((each) => each?.deadLetterTopic ?? []),
      ]),
    ],
  };
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
