import { z } from "zod";
import { advisoryInDev, type Environment } from "./rule/environment";
import { kafkaTypes } from "./rule/kafka";
import { defineRule, type Finding } from "./rule/rule";
import type { Field } from "./rule/field";

const perEnvironment = (defaults: Readonly<Record<Environment, number>>, description: string) =>
  z
    .strictObject({
      dev: z.int().min(1).default(defaults.dev),
      kind: z.int().min(1).default(defaults.kind),
      staging: z.int().min(1).default(defaults.staging),
      prod: z.int().min(1).default(defaults.prod),
    })
    .prefault({})
    .meta({ description });

const settings = z.strictObject({
  minimumReplicationFactor: perEnvironment(
    { dev: 1, kind: 1, staging: 3, prod: 3 },
    "Copies that every partition must have at least, by environment",
  ),
  minimumInSyncReplicas: perEnvironment(
    { dev: 1, kind: 1, staging: 2, prod: 2 },
    "The least that a topic may set min.insync.replicas to, by environment",
  ),
});

/** Topics survive the loss of a broker, and stay writable while one restarts. */
export const replicatedTopics = defineRule({
  name: "replicated-topics",
  severity: "high",
  description:
    "Every Kafka topic has the copies that its environment asks for, and min.insync.replicas stays below them.",
  rationale:
    "With one copy, the loss of a disk is the loss of messages. With min.insync.replicas equal to the replication factor, the restart of any one broker stops all writers; with 1, a message counts as written while it exists only once.",
  remedy:
    "Set replicationFactor of the topic in its PipelineDeployment document (3 outside dev), and min.insync.replicas one below it; or leave both out, and the platform's defaults apply.",
  levels: advisoryInDev,
  settings,
  type: kafkaTypes.topic,
  *judge(resource, { settings, environment }) {
    const replication = resource.fields.at("replicationFactor");
    const minimum = settings.minimumReplicationFactor[environment];
    const factor = replication.number;
    if (!replication.isUnknown && (factor === undefined || factor < minimum)) {
      const found = `the topic has ${replication.shown} as replication factor, and ${environment} asks for ${minimum} at least`;
      yield {
        field: replication,
        found,
        fix: `set it to ${minimum}, or leave it out where the platform's default is enough`,
      };
    }
    const inSync = resource.fields.at("config", "min.insync.replicas");
    if (inSync.isAbsent || inSync.isUnknown) return;
    yield* judgeInSync(inSync, factor, settings.minimumInSyncReplicas[environment], environment);
  },
});

function* judgeInSync(
  inSync: Field,
  factor: number | undefined,
  minimum: number,
  environment: Environment,
): Iterable<Finding> {
  const count = inSync.number;
  if (count === undefined || !Number.isInteger(count) || count < 1) {
    yield {
      field: inSync,
      found: `min.insync.replicas is ${inSync.shown}`,
      fix: "set it to a whole number from 1",
    };
    return;
  }
  // A single copy can only be in sync with itself.
  const most = factor === undefined ? undefined : Math.max(1, factor - 1);
  if (most !== undefined && count > most) {
    const found = `min.insync.replicas is ${count} with ${factor} replicas, so that writers stop when one broker restarts`;
    yield { field: inSync, found, fix: `set it to ${most}, or raise the replication factor` };
  } else if (count < minimum) {
    const found = `min.insync.replicas is ${count}, and ${environment} asks for ${minimum} at least`;
    yield { field: inSync, found, fix: `set it to ${minimum}` };
  }
}
