import assert from "node:assert/strict";
import type { DataConnectorPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { changedConnectors, connectorText } from "./connector-documents";
import { planOf, problemsOf } from "./documents-under-test";

const option = "schema.history.internal.kafka.topic";
const mysql = connectorText.replace("postgresql.PostgresConnector", "mysql.MySqlConnector");

/** The documents with a source that keeps a history of schemas. */
function withHistory(topic: string, text = mysql): string {
  return text.replace("slot.name: algorun", `${option}: "${topic}"`);
}

function source(plan: PipelinePlan): DataConnectorPlan {
  const found = plan.components.find(({ name }) => name === "changes-1");
  assert.ok(found?.kind === "dataConnector");
  return found;
}

describe("a source that keeps the history of schemas in a topic", () => {
  const plan = planOf(withHistory("{deploymentname}.Schemas"));
  const history = "index.schemas";
  const group = "algorun.acme.index.changes-1.schema-history";

  it("has that topic: in one order, for ever, and copied as all others", () => {
    const topic = plan.topics.find(({ name }) => name === history);
    assert.deepEqual(
      [topic?.partitions, topic?.parameters, topic?.replicationFactor],
      [
        1,
        {
          "cleanup.policy": "delete",
          "min.insync.replicas": "2",
          "retention.bytes": "-1",
          "retention.ms": "-1",
        },
        undefined,
      ],
    );
  });

  it("may read and write it, in a group of its own, and nobody else may", () => {
    const { identity } = source(plan);
    assert.ok(identity.reads.includes(history) && identity.writes.includes(history));
    assert.equal(identity.consumerGroup, group);
    const users = plan.components.filter(({ identity: { reads, writes } }) =>
      [...reads, ...writes].includes(history),
    );
    assert.deepEqual(
      users.map(({ name }) => name),
      ["changes-1"],
    );
  });

  it("is told the topic by its real name, the group, and which clients have to log in", () => {
    const { config, kafkaOptions } = source(plan);
    assert.equal(config[option], history);
    assert.equal(config["schema.history.internal.consumer.group.id"], group);
    assert.deepEqual(kafkaOptions, {
      bootstrapServers: "schema.history.internal.kafka.bootstrap.servers",
      clientPrefixes: ["schema.history.internal.consumer.", "schema.history.internal.producer."],
    });
  });

  it("keeps topic and group when its deployment is renamed", () => {
    const renamed = planOf(
      withHistory("{deploymentname}.schemas").replace(
        "deploymentName: index\n",
        "deploymentName: catalogue\n  previousNames: [{ deploymentName: index }]\n",
      ),
    );
    assert.deepEqual(renamed.topics, plan.topics);
    assert.equal(source(renamed).identity.consumerGroup, group);
  });

  it("may say so in the connector itself", () => {
    const text = mysql.replace("topic.prefix: shop", `topic.prefix: shop, ${option}: index.schemas`);
    assert.deepEqual(planOf(text).topics, plan.topics);
  });

  it("has none where its options name no topic", () => {
    const { identity, kafkaOptions } = source(planOf(connectorText));
    assert.deepEqual([identity.consumerGroup, kafkaOptions], [undefined, undefined]);
  });

  it("must name one, or another storage, where its class has none of its own accord", () => {
    assert.deepEqual(problemsOf(mysql), [
      `error shout.yaml:34 spec.dataConnectors[0].options.${option}: is missing, expected the name of a topic, since io.debezium.connector.mysql.MySqlConnector keeps the history of schemas in one`,
    ]);
    const elsewhere = "schema.history.internal: io.debezium.storage.file.history.FileSchemaHistory";
    assert.deepEqual(problemsOf(mysql.replace("slot.name: algorun", elsewhere)), []);
  });

  it("names one that Kafka takes, and no other topic", () => {
    const at = `error shout.yaml:34 spec.dataConnectors[0].options.${option}:`;
    assert.deepEqual(problemsOf(withHistory("__schemas")), [
      `${at} found "__schemas", with a name of Kafka's own, expected one that does not begin with '__'`,
    ]);
    const [problem = "", ...others] = problemsOf(withHistory("algorun.acme.index.embed.1.out"));
    assert.deepEqual(others, []);
    assert.match(
      problem,
      /history of schemas of changes:3\.3\[1\] of acme\.index.*is, to Kafka, the topic of/,
    );
  });

  it("leaves to the platform where Kafka is and how it logs in there", () => {
    const owned = [
      "schema.history.internal.kafka.bootstrap.servers",
      "schema.history.internal.producer.sasl.mechanism",
      "schema.history.internal.consumer.group.id",
    ];
    for (const name of owned) {
      const [problem = ""] = problemsOf(changedConnectors("slot.name: algorun", `${name}: x`));
      assert.match(problem, new RegExp(`options\\.${name}: is not for the options to say`));
    }
  });
});
