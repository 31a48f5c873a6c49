import { changedConnectors as changed, connectorText as text } from "./connector-documents";
import { describeFaults } from "./documents-under-test";

const at = "error shout.yaml";

describeFaults("faults of data connectors", [
  [
    "an unknown connector",
    changed("{ name: shop-changes }\n", "{ name: shop-change }\n"),
    [
      `${at}:31 spec.dataConnectors[0].dataConnectorRef.name: unknown data connector "shop-change", expected the DataConnector "shop-changes"`,
    ],
  ],
  [
    "an unknown version",
    changed('      version: "3.3"', '      version: "3.4"'),
    [
      `${at}:32 spec.dataConnectors[0].version: unknown version "3.4" of changes, expected "3.3" or "3.2"; did you mean "3.2"?`,
    ],
  ],
  [
    "a secret in plain text",
    changed("database.password: { secretKeyRef: { name: shop, key: password } }", "database.password: hush"),
    [
      `${at}:34 spec.dataConnectors[0].options.database.password: found a secret in plain text, expected { secretKeyRef: { name, key } }, since Kafka and ConfigMaps hold options for many to read`,
    ],
  ],
  [
    "a password in an address",
    changed("https://search", "https://me:hush@search"),
    [
      `${at}:44 spec.dataConnectors[1].spec.options.connection.url: found a secret in plain text, expected { secretKeyRef: { name, key } }, since Kafka and ConfigMaps hold options for many to read`,
    ],
  ],
  [
    "topics that are not piped into a sink",
    changed("egress: [{ host: search", "options: { topics: others }\n      egress: [{ host: search"),
    [
      `${at}:38 spec.dataConnectors[1].options.topics: a sink reads the topics that are piped into it, which are "algorun.acme.index.embed.1.out"; remove the option`,
    ],
  ],
  [
    "another user of Kafka",
    changed("slot.name: algorun", "producer.override.sasl.jaas.config: x"),
    [
      `${at}:34 spec.dataConnectors[0].options.producer.override.sasl.jaas.config: is not for the options to say: each connector has a Kafka user and groups of its own; remove it`,
    ],
  ],
  [
    "a class among the options",
    changed("slot.name: algorun", "connector.class: x"),
    [
      `${at}:34 spec.dataConnectors[0].options.connector.class: is not for the options to say: state it as connectorClass of the connector`,
    ],
  ],
  [
    "a pipe into a source",
    changed('destName: "search:1[2]"', 'destName: "changes:3.3[1]"'),
    [`${at}:47 spec.pipes[1].destName: changes:3.3[1] is a Source, which reads no topics; expected a Sink`],
  ],
  [
    "an output that a sink does not have",
    `${text}    - { sourceName: "search:1[2]", sourceOutputName: rest, destName: "acme/embed:1[1]", destInputName: In }\n`,
    [`${at}:48 spec.pipes[2].sourceOutputName: search:1[2] has no output "rest", expected "dead-letters"`],
  ],
  [
    "a tag without a repository",
    changed('{ repository: quay.io/debezium/connect, tag: "3.3" }', '{ tag: "3.3" }'),
    [
      `${at}:9 spec.versions[0].image.tag: found "3.3" without a repository, expected both, or neither for the platform's image of Kafka`,
    ],
  ],
  [
    "two connectors of one name and index",
    changed(
      "  pipes:\n",
      '    - { dataConnectorRef: { name: shop-changes }, version: "3.2", egress: [] }\n  pipes:\n',
    ),
    [
      `${at}:45 spec.dataConnectors[2]: changes:3.2[1] and changes:3.3[1] both get the name changes-1 in Kubernetes; give one another index`,
    ],
  ],
  [
    "nobody who could be reached",
    changed("      egress: [{ host: shop.databases.svc, port: 5432 }]\n", ""),
    [
      "warning shout.yaml:31 spec.dataConnectors[0]: changes:3.3[1] reaches nothing but Kafka: name the hosts and ports that it connects to in egress, or state egress: []",
    ],
  ],
]);
