import assert from "node:assert/strict";
import { allowedOperations } from "../../components/data/kafka/access";
import type { DataConnectorPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { changedConnectors as changed, connectorText as text } from "./connector-documents";
import { planOf, problemsOf } from "./documents-under-test";

function connectorOf(plan: PipelinePlan, name: string): DataConnectorPlan {
  const found = plan.components.find((component) => component.name === name);
  assert.ok(found?.kind === "dataConnector", `there is no connector ${name}`);
  return found;
}

const source = (documents = text): DataConnectorPlan => connectorOf(planOf(documents), "changes-1");
const sink = (documents = text): DataConnectorPlan => connectorOf(planOf(documents), "search-2");

const rows = "algorun.acme.index.changes.1.rows";

describe("a data connector", () => {
  it("is the one that a deployment names, by name, by labels or in its own words", () => {
    assert.deepEqual(problemsOf(text), []);
    const byLabels = changed("{ name: shop-changes }\n", "{ matchLabels: { system: shop } }\n");
    assert.deepEqual(source(byLabels), source());
    assert.equal(sink().connector.type, "Sink");
  });

  it("keeps its identity, its topics and its groups when its version changes", () => {
    const older = text
      .replaceAll('version: "3.3"', 'version: "3.2"')
      .replaceAll("changes:3.3", "changes:3.2");
    const [now, before] = [source(), source(older)];
    assert.deepEqual(
      [before.name, before.identity, before.internalTopics, before.labels],
      [now.name, now.identity, now.internalTopics, now.labels],
    );
    assert.notEqual(before.image?.reference, now.image?.reference);
  });

  it("has a user of its own, in two groups that no other deployment has", () => {
    assert.deepEqual(sink().identity, {
      username: "acme.index.search-2",
      consumerGroup: "connect-acme.index.search-2",
      workerGroup: "algorun.acme.index.search-2.connect",
      reads: [
        "algorun.acme.index.embed.1.out",
        "algorun.acme.index.search.2.connect-configs",
        "algorun.acme.index.search.2.connect-offsets",
        "algorun.acme.index.search.2.connect-status",
      ],
      writes: [
        "algorun.acme.index.search.2.connect-configs",
        "algorun.acme.index.search.2.connect-offsets",
        "algorun.acme.index.search.2.connect-status",
      ],
    });
    assert.equal(source().identity.consumerGroup, undefined, "a source consumes nothing");
    assert.equal(sink().registeredName, "acme.index.search-2", "Connect names the group after the connector");
  });

  it("may make no topic, and write or read no other than its own", () => {
    const operations = allowedOperations(source().identity);
    assert.deepEqual(
      operations.map(
        ({ resourceType, resourceName, operation }) => `${operation} ${resourceType} ${resourceName}`,
      ),
      [
        "Read Group algorun.acme.index.changes-1.connect",
        ...["configs", "offsets", "status"].flatMap((what) => [
          `Read Topic algorun.acme.index.changes.1.connect-${what}`,
          `Write Topic algorun.acme.index.changes.1.connect-${what}`,
        ]),
        `Write Topic ${rows}`,
      ],
    );
  });

  it("has Kafka Connect's three topics, compacted and copied as all others", () => {
    const internal = planOf(text).topics.filter(({ purpose }) => purpose === "connect");
    assert.deepEqual(
      internal.map(({ name, partitions, parameters, replicationFactor }) => [
        name.replace(/^algorun\.acme\.index\./, ""),
        partitions,
        parameters["cleanup.policy"],
        replicationFactor,
      ]),
      ["changes.1", "search.2"].flatMap((name) => [
        [`${name}.connect-configs`, 1, "compact", undefined],
        [`${name}.connect-offsets`, 25, "compact", undefined],
        [`${name}.connect-status`, 5, "compact", undefined],
      ]),
    );
  });

  it("reaches Kafka and what its document names, and nobody else", () => {
    assert.deepEqual(source().network, {
      ingress: [],
      egress: [{ to: "kafka" }, { to: "external", host: "shop.databases.svc", port: 5432 }],
    });
  });

  it("serves metrics where its image has an agent", () => {
    const agent = "metricsAgent: /kafka/libs/agent.jar";
    const watched = source(changed('versionTag: "3.3", ', `versionTag: "3.3", ${agent}, `));
    assert.equal(watched.metricsPort, 9404);
    assert.deepEqual(watched.network.ingress, [{ from: "observability", port: 9404 }]);
    assert.equal(source().metricsPort, undefined);
  });

  it("is restarted when it fails, as often as its document says, or not at all", () => {
    const stated = (words: string): DataConnectorPlan["autoRestart"] =>
      sink(changed("      tasksMax: 4\n", `      tasksMax: 4\n      autoRestart: ${words}\n`)).autoRestart;
    assert.deepEqual(sink().autoRestart, {});
    assert.deepEqual(stated("{ maxRestarts: 7 }"), { maxRestarts: 7 });
    assert.equal(stated("{ enabled: false }"), undefined);
    const idle = changed(
      "      tasksMax: 4\n",
      "      tasksMax: 4\n      autoRestart: { enabled: false, maxRestarts: 7 }\n",
    );
    assert.deepEqual(problemsOf(idle), [
      "warning shout.yaml:38 spec.dataConnectors[1].autoRestart.maxRestarts: has no effect, since nothing is restarted; remove it, or enabled: false",
    ]);
  });

  it("takes the platform's image of Kafka where its document names none", () => {
    assert.equal(
      source(changed('{ repository: quay.io/debezium/connect, tag: "3.3" }', "{}")).image,
      undefined,
    );
  });
});

describe("what is registered for a connector", () => {
  it("is the connector's options, the deployment's over them, and secrets as references", () => {
    const { config, secrets } = source(changed("slot.name: algorun", "plugin.name: decoderbufs, ssl: false"));
    assert.equal(config["topic.prefix"], "shop");
    assert.equal(config["plugin.name"], "decoderbufs");
    assert.equal(config["ssl"], "false");
    assert.deepEqual(config["database.password"], { secret: "shop", key: "password" });
    assert.deepEqual(secrets, [{ name: "shop", keys: ["password"] }]);
    assert.equal(config["connector.class"], "io.debezium.connector.postgresql.PostgresConnector");
    assert.equal(config["tasks.max"], "1");
    assert.equal(config["errors.retry.timeout"], "600000");
  });

  it("puts all messages of a source with one output into its topic", () => {
    const { config } = source(changed("slot.name: algorun", "transforms: unwrap"));
    assert.equal(config["transforms"], "unwrap,algorunRoute");
    assert.equal(config["transforms.algorunRoute.regex"], ".*");
    assert.equal(config["transforms.algorunRoute.replacement"], rows);
  });

  it("puts each message of a source with several outputs into that named like the connector's topic", () => {
    const { config } = source(
      text.replace("sourceOutputName: rows", "sourceOutputName: shop.public.rows") +
        '    - { sourceName: "changes:3.3[1]", sourceOutputName: shop.public.users, destName: "search:1[2]", destInputName: users }\n',
    );
    const routes = Object.entries(config).flatMap(([name, value]) =>
      name.endsWith(".regex") ? [[value, config[name.replace(/regex$/, "replacement")]]] : [],
    );
    assert.deepEqual(routes.sort(), [
      ["shop\\.public\\.rows", "algorun.acme.index.changes.1.shop.public.rows"],
      ["shop\\.public\\.users", "algorun.acme.index.changes.1.shop.public.users"],
    ]);
    const chain = config["transforms"];
    assert.ok(typeof chain === "string");
    assert.equal(chain.split(",").length, 2);
  });

  it("gives a sink the topics that are piped into it, in a fixed order", () => {
    const both = `${text}    - { sourceName: "changes:3.3[1]", sourceOutputName: rows, destName: "search:1[2]", destInputName: documents }\n`;
    assert.equal(sink(both).config["topics"], `${rows},algorun.acme.index.embed.1.out`);
    const stated = changed(
      "options: { connection.url:",
      "options: { topics: algorun.acme.index.embed.1.out, connection.url:",
    );
    assert.deepEqual(sink(stated), sink(), "the same topics may be said once more");
  });

  it("makes a sink's output dead-letters its dead letter queue", () => {
    const { config, identity } = sink(
      `${text}    - { sourceName: "search:1[2]", sourceOutputName: dead-letters, destName: "acme/embed:1[1]", destInputName: In }\n`,
    );
    const letters = "algorun.acme.index.search.2.dead-letters";
    assert.equal(config["errors.deadletterqueue.topic.name"], letters);
    assert.equal(config["errors.tolerance"], "all");
    assert.ok(identity.writes.includes(letters) && !identity.reads.includes(letters));
    assert.equal(sink().config["errors.tolerance"], undefined, "without it, a sink stops at its first error");
  });

  it("has partitions for all tasks of a sink", () => {
    const [topic] = planOf(text).topics.filter(({ name }) => name.endsWith(".embed.1.out"));
    assert.equal(topic?.partitions, 8, "1 and 4, and half as much again, rounded");
  });
});
