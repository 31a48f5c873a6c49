import { advisoryInDev } from "./rule/environment";
import type { Field } from "./rule/field";
import { kafkaTypes } from "./rule/kafka";
import { types } from "./rule/kubernetes-object";
import type { Resource } from "./rule/resource";
import { defineRule, noSettings } from "./rule/rule";

/** Properties of brokers that undo what everything else relies on, by name, with what they do. */
const dangerous: Readonly<Record<string, readonly [value: string, effect: string]>> = {
  "allow.everyone.if.no.acl.found": ["true", "everybody may use a topic that has no ACL yet"],
  "auto.create.topics.enable": ["true", "a typing error makes a topic, with one copy and without an owner"],
  "unclean.leader.election.enable": [
    "true",
    "a replica that is behind may become leader, and messages are lost",
  ],
  "delete.topic.enable": ["false", "topics can't be deleted, and the next update fails"],
};

/** Brokers do what ACLs and documents say, and nothing beside it. */
export const guardedBrokers = defineRule({
  name: "guarded-brokers",
  severity: "critical",
  description:
    "No broker lets in who has no ACL, makes topics by itself, elects a leader that is behind, or has a listener without a password.",
  rationale:
    "ACLs, partitions and copies are decided in documents and made by Pulumi. A broker that also makes topics, or lets everybody use those without ACLs, takes the decision back.",
  remedy:
    "Leave the properties as KafkaCluster writes them; a transform of the component, or an external broker's configuration, is where they were changed.",
  levels: advisoryInDev,
  settings: noSettings,
  type: types.configMap,
  *judge(resource) {
    for (const { field, name, value } of propertiesOf(resource)) {
      const [bad, effect] = dangerous[name] ?? [];
      if (value.toLowerCase() === bad && effect !== undefined) {
        yield {
          field,
          found: `${name}=${value}: ${effect}`,
          fix: `write ${name}=${bad === "true" ? "false" : "true"}`,
        };
      }
      if (name === "listener.security.protocol.map") {
        const anonymous = value.split(",").filter((entry) => /:PLAINTEXT$/i.test(entry.trim()));
        if (anonymous.length === 0) continue;
        const found = `the listener ${anonymous.join(", ")} lets in whoever connects`;
        yield { field, found, fix: "use SASL_SSL, or SASL_PLAINTEXT inside the cluster" };
      }
    }
  },
});

/** Nobody on the way reads messages and passwords. */
export const encryptedKafka = defineRule({
  name: "encrypted-kafka",
  severity: "high",
  description: "Every connection to Kafka is encrypted, and the server's certificate is checked.",
  rationale:
    "SCRAM keeps the password from who listens, but not the messages. Network policies say who may connect; they do not help on the wire between nodes, or on the way to brokers outside the cluster.",
  remedy:
    "Set the config key certificates, and cert-manager makes those of brokers in the cluster; or tls in the config key kafka: for these the name of a Secret with their certificate, for external ones true.",
  levels: advisoryInDev,
  settings: noSettings,
  *judge(resource) {
    const { type, fields } = resource;
    if (type === kafkaTypes.provider) {
      const tls = fields.at("tlsEnabled");
      if (!tls.isUnknown && !tls.isTrue) {
        const found = `Pulumi connects to Kafka without TLS (tlsEnabled is ${tls.shown})`;
        yield { field: tls, decidedBy: "kafka", found, fix: "set tls in the config key kafka" };
      }
      const skip = fields.at("skipTlsVerify");
      if (skip.isTrue) {
        const found = "Pulumi takes any certificate for Kafka's (skipTlsVerify is true)";
        yield { field: skip, decidedBy: "kafka", found, fix: "give caCertificate instead" };
      }
    }
    const found = new Map<Field, string>();
    for (const { field, name, value } of propertiesOf(resource)) {
      const isProtocol = name === "listener.security.protocol.map" || name.endsWith("security.protocol");
      if (isProtocol && /PLAINTEXT\b/i.test(value)) found.set(field, `${name}=${value}`);
    }
    for (const [field, property] of found)
      yield {
        field,
        decidedBy: "kafka",
        found: `Kafka is spoken without encryption (${property})`,
        fix: "set tls in the config key kafka, and the protocols become SASL_SSL",
      };
  },
});

/** A line of a properties file in a ConfigMap. */
interface Property {
  readonly field: Field;
  readonly name: string;
  readonly value: string;
}

/** What the properties files in a ConfigMap say; other files have no lines of this shape and these names. */
function propertiesOf({ type, fields }: Resource): readonly Property[] {
  if (type !== types.configMap) return [];
  return fields.at("data").entries.flatMap(([key, field]) => {
    if (!key.endsWith(".properties") || field.text === undefined) return [];
    return field.text.split("\n").flatMap((line) => {
      const { name, value } = /^\s*(?<name>[\w.-]+)\s*[=:]\s*(?<value>.*?)\s*$/.exec(line)?.groups ?? {};
      return name === undefined || value === undefined ? [] : [{ field, name, value }];
    });
  });
}
