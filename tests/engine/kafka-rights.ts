import assert from "node:assert/strict";
import { z } from "zod";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { administer, produce, reasons, tryFetch, tryGroup, type KafkaLogin } from "../software/kafka-client";
import type { EngineEnvironment } from "./engine-environment";

const secretSchema = z.object({ data: z.record(z.string(), z.base64()) });

/** What Kafka answers to who may not, by resource. */
const refusal = /(TOPIC|GROUP|CLUSTER)_AUTHORIZATION_FAILED|not authorized/i;

/** What the pipes of some pipelines mean for their components, as sorted lines `component: Write topic`. */
export function rightsOfPipes(plans: readonly PipelinePlan[]): readonly string[] {
  return plans
    .flatMap((plan) => {
      const line = (component: string, right: string): string => `${plan.id} ${component}: ${right}`;
      const topics = plan.topics.flatMap(({ name, purpose, producedBy, consumedBy }) => [
        ...(purpose === "replaced" ? [] : [line(producedBy.component, `Write ${name}`)]),
        // What Kafka Connect keeps, it also reads.
        ...(purpose === "connect" ? [line(producedBy.component, `Read ${name}`)] : []),
        ...consumedBy.map(({ component }) => line(component, `Read ${name}`)),
      ]);
      const readers = new Set(
        plan.topics.flatMap(({ consumedBy }) => consumedBy.map((end) => end.component)),
      );
      const joined = [...readers].map((name) => line(name, `Join ${groupOf(plan, name)}`));
      const workers = plan.components.flatMap(({ name, identity: { workerGroup } }) =>
        workerGroup === undefined ? [] : [line(name, `Join ${workerGroup}`)],
      );
      return [...new Set(topics), ...joined, ...workers];
    })
    .sort();
}

/**
 * What the components of some pipelines can do with their own credentials: each tries to write and to read
 * every topic of all of them, and to join every group, and these lines are what they weren't refused.
 */
export async function rightsInUse(
  engine: EngineEnvironment,
  administrator: KafkaLogin,
  plans: readonly PipelinePlan[],
): Promise<readonly string[]> {
  const topics = plans.flatMap((plan) => plan.topics.map(({ name }) => name));
  const groups = plans.flatMap(({ components }) =>
    components.flatMap(({ identity: { consumerGroup, workerGroup } }) =>
      [consumerGroup, workerGroup].filter((group) => group !== undefined),
    ),
  );
  // Fetching goes by identifier, which only who may describe a topic is told.
  const ids = await administer(administrator, async (admin) => (await admin.metadata({ topics })).topics);
  const tried = plans.flatMap((plan) =>
    plan.components.map(async ({ name }) => {
      const login = await componentLogin(engine, plan, name);
      const lines: string[] = [];
      const attempt = async (right: string, work: Promise<unknown>): Promise<void> => {
        if (await allowed(work)) lines.push(`${plan.id} ${name}: ${right}`);
      };
      for (const topic of topics) {
        await attempt(`Write ${topic}`, produce(login, topic, "tried"));
        await attempt(`Read ${topic}`, tryFetch(login, ids.get(topic)?.id ?? ""));
      }
      for (const group of [...groups, "algorun.stranger"]) {
        await attempt(`Join ${group}`, tryGroup(login, group));
      }
      return lines;
    }),
  );
  return (await Promise.all(tried)).flat().sort();
}

/** Whether Kafka allowed something; any other failure than a refusal is thrown. */
async function allowed(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (refusal.test(reasons(error))) return false;
    throw error;
  }
}

/** The login of a component, with the credential that its pods find in their Secret. */
export async function componentLogin(
  engine: EngineEnvironment,
  plan: PipelinePlan,
  component: string,
): Promise<KafkaLogin> {
  const { bootstrapServers, caCertificate } = engine.environment.connections.kafka;
  const selector = ["--field-selector", `metadata.name=${component}-kafka`];
  const [secret] = await engine.objects(secretSchema, "secrets", "-n", plan.namespace, ...selector);
  assert.ok(secret, `${component} has no credential`);
  const text = (key: string): string => Buffer.from(secret.data[key] ?? "", "base64").toString();
  return {
    brokers: bootstrapServers,
    caCertificate,
    username: text("username"),
    password: text("password"),
  };
}

function groupOf(plan: PipelinePlan, component: string): string {
  const group = plan.components.find(({ name }) => name === component)?.identity.consumerGroup;
  assert.ok(group !== undefined, `${component} reads and has no group`);
  return group;
}
