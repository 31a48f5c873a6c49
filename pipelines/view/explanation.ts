import type { ComponentPlan, PipelinePlan } from "../model/plan/plan";
import { capacityTables } from "./explain-capacity";
import { alertsTable } from "./explain-alerts";
import { componentsTable } from "./explain-components";
import { pathsTable, webhooksTable } from "./explain-edges";
import { parametersInWords } from "./explain-parameters";
import { partitionsInWords } from "./explain-partitions";
import { retriesTable } from "./explain-retries";
import { rateLimitsTable, routesTable } from "./explain-routes";
import type { PlatformFacts } from "../model/platform-facts";
import type { Table } from "./table";
import { connectInWords, nameInWords, readingInWords, writingInWords } from "./topic-purpose";

/**
 * What a plan will make, and for each decision the rule that took it.
 *
 * All of it is in the plan: nothing is decided, or guessed, here.
 *
 * @param facts of the platform whose brokers the plan's topics are counted on
 */
export function explanation(plan: PipelinePlan, facts: PlatformFacts): readonly Table[] {
  return [
    deploymentTable(plan),
    componentsTable(plan),
    topicsTable(plan),
    retriesTable(plan),
    rightsTable(plan),
    networkTable(plan),
    routesTable(plan),
    pathsTable(plan),
    rateLimitsTable(plan),
    webhooksTable(plan),
    storageTable(plan),
    ...capacityTables(plan, facts),
    alertsTable(plan),
  ];
}

function deploymentTable({ id, name, namespace, pipeline, source, labels }: PipelinePlan): Table {
  return {
    title: `Deployment ${id}`,
    columns: ["what", "value", "because"],
    rows: [
      ["document", `${source.file}:${source.line}`, ""],
      ["pipeline", `${pipeline.owner}/${pipeline.name}:${pipeline.versionTag}`, "stated by the document"],
      [
        "namespace",
        namespace,
        "deploymentNamespace, owner and name of the deployment; one for each deployment",
      ],
      ["prefix", name, "owner and name of the deployment; of all resource names"],
      ...Object.entries(labels).map(([label, value]) => ["label", `${label}: ${value}`, "on every object"]),
    ],
  };
}

function topicsTable({ topics }: PipelinePlan): Table {
  return {
    title: "Topics",
    columns: ["topic", "partitions", "copies", "settings", "because"],
    rows: topics.map((topic) => [
      topic.name,
      String(topic.partitions),
      topic.replicationFactor === undefined ? "default" : String(topic.replicationFactor),
      Object.entries(topic.parameters)
        .map(([parameter, value]) => `${parameter}=${value}`)
        .join("\n"),
      [
        `name: ${nameInWords(topic)}`,
        `partitions: ${partitionsInWords(topic.partitionsBecause, topic.partitions)}`,
        `copies: ${topic.replicationFactor === undefined ? "the platform's default" : "stated by the document"}`,
        ...parametersInWords(topic),
      ].join("\n"),
    ]),
  };
}

const transactionReason = "each instance commits results together with how far it has read";

function rightsTable({ components, topics }: PipelinePlan): Table {
  const readersOf = (component: string, topic: string): string =>
    topics
      .filter(({ name }) => name === topic)
      .flatMap((plan) =>
        plan.purpose === "connect"
          ? [connectInWords]
          : plan.consumedBy
              .filter((end) => end.component === component)
              .map(({ port }) => readingInWords(plan, port)),
      )
      .join("; ");
  const writersOf = (topic: string): string =>
    topics
      .filter(({ name }) => name === topic)
      .map(writingInWords)
      .join("; ");
  return {
    title: "Kafka users, and all that each may do",
    columns: ["user", "may", "what", "because"],
    rows: components.flatMap(({ name, identity }) => [
      ...identity.reads.map((topic) => [identity.username, "read", topic, readersOf(name, topic)]),
      ...(identity.consumerGroup === undefined
        ? []
        : [[identity.username, "join", `group ${identity.consumerGroup}`, "it reads"]]),
      ...(identity.workerGroup === undefined
        ? []
        : [[identity.username, "join", `group ${identity.workerGroup}`, "its workers find each other"]]),
      ...(identity.transactionalIdPrefix === undefined
        ? []
        : [
            [
              identity.username,
              "commit",
              `transactions ${identity.transactionalIdPrefix}*`,
              transactionReason,
            ],
          ]),
      ...identity.writes.map((topic) => [identity.username, "write", topic, writersOf(topic)]),
    ]),
  };
}

function networkTable({ components }: PipelinePlan): Table {
  return {
    title: "Connections; all others are denied",
    columns: ["component", "from", "to"],
    rows: components.map(({ name, network }) => [
      name,
      network.ingress.map(({ from, port }) => `${from} (port ${port})`).join("\n"),
      network.egress.map(egressInWords).join("\n"),
    ]),
  };
}

function egressInWords(egress: ComponentPlan["network"]["egress"][number]): string {
  switch (egress.to) {
    case "kafka":
      return "Kafka";
    case "objectStorage":
      return "object storage";
    case "mediaStreams":
      return "the RTMP server";
    case "webhook":
    case "issuer":
    case "external":
      return `${egress.host}:${egress.port}`;
  }
}

function storageTable({ storageBucket }: PipelinePlan): Table {
  const rows = storageBucket && [
    [
      storageBucket.name,
      storageBucket.writers.join("\n"),
      storageBucket.readers.join("\n"),
      `some messages are carried by reference; name: ${
        storageBucket.nameBecause === "stated" ? "stated by the document" : "automatic, from owner and name"
      }`,
    ],
  ];
  return { title: "Bucket", columns: ["bucket", "writers", "readers", "because"], rows: rows ?? [] };
}
