import { z } from "zod";
import { advisoryInDev } from "./rule/environment";
import { matchesAny } from "./rule/glob";
import { kafkaTypes, TopicRights } from "./rule/kafka";
import { groupBy, namespaceOf, types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";
import { workloadsOf, type Workload } from "./rule/workloads";

const deploymentLabel = "algo.run/pipeline-deployment";

/** Somebody can be asked about each topic. */
export const ownedTopics = defineRule({
  name: "owned-topics",
  severity: "medium",
  description: "Every Kafka topic belongs to a pipeline of the stack, or to an owner on the list.",
  rationale:
    "A topic that nobody owns is kept for ever, since nobody can say what would break without it; and nobody says who may read the personal data in it.",
  remedy:
    "Let a PipelineDeployment make the topic, or name it algorun.{owner}.{name}.…; topics of another kind go on the list owned.",
  levels: advisoryInDev,
  settings: z.strictObject({
    owned: z
      .array(z.string())
      .default([])
      .meta({ description: "Names of topics that have an owner elsewhere; * stands for any characters" }),
  }),
  *judgeStack(resources, { settings }) {
    const pipelines = new Set(
      resources.flatMap(({ type, fields }) =>
        type === types.namespace ? [fields.at("metadata", "labels", deploymentLabel).text ?? ""] : [],
      ),
    );
    for (const resource of topicsOf(resources)) {
      const name = resource.fields.at("name");
      if (name.text === undefined || /[$:]algorun:pipeline:Pipeline[$:]/.test(resource.urn)) continue;
      const [, owner = "", pipeline = ""] = name.text.split(".");
      if (pipelines.has(`${owner}.${pipeline}`) || matchesAny(settings.owned, name.text)) continue;
      yield {
        resource,
        field: name,
        found: `the topic ${name.text} belongs to no pipeline of this stack`,
        fix: "let the document of a pipeline make it, or name it in the setting owned of this rule",
      };
    }
  },
});

/** What is written is read. */
export const consumedTopics = defineRule({
  name: "consumed-topics",
  severity: "medium",
  description: "Every Kafka topic has a consumer or a connector that may read it, except dead letters.",
  rationale:
    "Messages that nobody reads cost disks on every broker until they expire, and mostly mean a pipe that somebody forgot to draw. Dead letters wait for a person.",
  remedy:
    "Add a pipe from the output to a reader in the PipelineDeployment document, or take the output out. Readers outside the stack are named in the setting readElsewhere.",
  levels: advisoryInDev,
  settings: z.strictObject({
    deadLetters: z.array(z.string()).default(["*.dead-letters", "*.dlq"]).meta({
      description:
        "Names of topics that wait for a person; * stands for any characters. A topic that is named after another and written by that one's readers only is one, too",
    }),
    readElsewhere: z
      .array(z.string())
      .default([])
      .meta({ description: "Names of topics that are read from outside the stack" }),
  }),
  *judgeStack(resources, { settings }) {
    const readers = new TopicRights(resources, "Read");
    const writers = new TopicRights(resources, "Write");
    const exempt = [...settings.deadLetters, ...settings.readElsewhere];
    for (const resource of topicsOf(resources)) {
      const name = resource.fields.at("name");
      if (name.text === undefined || matchesAny(exempt, name.text)) continue;
      if (readers.of(name.text)?.size !== 0 || isDeadLetters(name.text, readers, writers)) continue;
      yield {
        resource,
        field: name,
        found: `no ACL allows anybody to read the topic ${name.text}`,
        fix: "draw a pipe from it to a reader, or take the output that it carries out of the document",
      };
    }
  },
});

/** Who is at work can be told by the name that it has at Kafka. */
export const ownKafkaUsers = defineRule({
  name: "own-kafka-users",
  severity: "high",
  description: "No two workloads share the credentials of a Kafka user, and no user has a weak mechanism.",
  rationale:
    "ACLs are given to users. Two programs that share one have each other's rights, can't be told apart in the broker's log, and can't have their passwords changed one after the other.",
  remedy:
    "Make a KafkaIdentity for each component, as Pipeline does; SCRAM-SHA-512 is the mechanism of all of them.",
  levels: advisoryInDev,
  settings: noSettings,
  type: kafkaTypes.user,
  *judge({ fields }) {
    const mechanism = fields.at("scramMechanism");
    if (mechanism.isUnknown || mechanism.text === "SCRAM-SHA-512") return;
    const found = `the user's password is kept by ${mechanism.shown}`;
    yield { field: mechanism, found, fix: "set it to SCRAM-SHA-512" };
  },
  *judgeStack(resources) {
    const users = new Set(
      resources.flatMap(({ type, fields }) =>
        type === kafkaTypes.user ? [fields.at("username").text ?? ""] : [],
      ),
    );
    const workloads = groupBy(
      workloadsOf(resources).flatMap((workload) =>
        secretsOf(workload).map((name) => ({ workload, key: `${workload.namespace ?? ""}/${name}` })),
      ),
      ({ key }) => key,
    );
    for (const resource of resources) {
      if (resource.type !== types.secret) continue;
      const { fields } = resource;
      const user = fields.at("stringData", "username");
      if (user.text === undefined || !users.has(user.text)) continue;
      const key = `${namespaceOf(fields) ?? ""}/${fields.at("metadata", "name").text ?? ""}`;
      const sharing = workloads.get(key) ?? [];
      if (sharing.length < 2) continue;
      const names = sharing.map(({ workload }) => workload.template.object.at("metadata", "name").shown);
      yield {
        resource,
        field: user,
        found: `the Kafka user ${user.shown} is shared by ${names.join(" and ")}`,
        fix: "give each of them a user of its own",
      };
    }
  },
});

function topicsOf(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ type }) => type === kafkaTypes.topic);
}

/** Whether a topic is named after another, and all who write it read that one: they put there what they can't handle. */
function isDeadLetters(name: string, readers: TopicRights, writers: TopicRights): boolean {
  const writing = writers.of(name);
  if (writing === undefined || writing.size === 0) return false;
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const reading = readers.of(name.slice(0, dot));
    if (reading !== undefined && [...writing].every((principal) => reading.has(principal))) return true;
  }
  return false;
}

/** The Secrets that a workload uses, each once. */
function secretsOf({ template }: Workload): readonly string[] {
  const fromVolumes = template.spec
    .at("volumes")
    .items.flatMap((volume) => [
      volume.at("secret", "secretName"),
      ...volume.at("projected", "sources").items.map((source) => source.at("secret", "name")),
    ]);
  const fromVariables = template.containers.flatMap(({ fields }) => [
    ...fields.at("env").items.map((variable) => variable.at("valueFrom", "secretKeyRef", "name")),
    ...fields.at("envFrom").items.map((source) => source.at("secretRef", "name")),
  ]);
  return [...new Set([...fromVolumes, ...fromVariables].flatMap(({ text }) => text ?? []))];
}
