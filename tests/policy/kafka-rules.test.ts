import { encryptedKafka, guardedBrokers } from "../../policies/kafka-brokers";
import { consumedTopics, ownedTopics, ownKafkaUsers } from "../../policies/kafka-owners";
import { boundedTopics, losslessTopics } from "../../policies/kafka-retention";
import { itJudges, itJudgesStacks } from "./cases";
import { withField } from "./fixtures";
import { unknownUntilUpdate, type Given } from "./harness";
import { acl, object, topic, workload } from "./objects";

const day = 24 * 60 * 60 * 1000;
const orders = topic("algorun.acme.shop.endpoint.0.orders", { config: { "retention.ms": String(7 * day) } });

itJudges(boundedTopics, orders, [
  { what: "messages that stay for ever", path: ["config", "retention.ms"], value: "-1", found: ["for ever"] },
  {
    what: "messages that stay for a year",
    path: ["config", "retention.ms"],
    value: String(365 * day),
    found: ["365 days"],
  },
  { what: "the broker's own retention", path: ["config"], value: undefined },
  {
    what: "a compacted topic without end",
    path: ["config"],
    value: { "cleanup.policy": "compact", "retention.ms": "-1" },
  },
  {
    what: "one that is compacted and deleted, without end",
    path: ["config"],
    value: { "cleanup.policy": "compact,delete", "retention.ms": "-1" },
    found: ["for ever"],
  },
  { what: "too many partitions", path: ["partitions"], value: 1000, found: ["1000 partitions, and 128"] },
  {
    what: "as many as the setting allows",
    path: ["partitions"],
    value: 1000,
    config: { maximumPartitions: 1000 },
  },
]);

itJudges(losslessTopics, orders, [
  {
    what: "a leader that is behind",
    path: ["config", "unclean.leader.election.enable"],
    value: "true",
    found: ["may become leader"],
  },
  { what: "the word false", path: ["config", "unclean.leader.election.enable"], value: "false" },
]);

const namespace = object("core/v1:Namespace", "algorun-acme-shop", {
  metadata: { name: "algorun-acme-shop", labels: { "algo.run/pipeline-deployment": "acme.shop" } },
});
const free = topic("orders");
const made: Given = { ...free, parents: ["algorun:pipeline:Pipeline", "algorun:data:KafkaTopics"] };
itJudgesStacks(
  ownedTopics,
  [namespace, orders],
  [
    { what: "a topic of nobody", stack: [namespace, free], found: ["topic orders belongs to no pipeline"] },
    {
      what: "a topic of a pipeline that is not in the stack",
      stack: [orders],
      found: ["belongs to no pipeline"],
    },
    { what: "a topic with a name of its own that a pipeline makes", stack: [made] },
    { what: "a topic of the list", stack: [free], config: { owned: ["ord*"] } },
    { what: "a topic whose name is not known yet", stack: [withField(free, ["name"], unknownUntilUpdate)] },
  ],
);

const reading = acl("User:shop", "Read", "orders");
itJudgesStacks(
  consumedTopics,
  [free, reading],
  [
    { what: "a topic that nobody reads", stack: [free], found: ["read the topic orders"] },
    {
      what: "a topic that is only written",
      stack: [free, acl("User:shop", "Write", "orders")],
      found: ["orders"],
    },
    {
      what: "a topic whose readers are denied",
      stack: [free, withField(reading, ["aclPermissionType"], "Deny")],
      found: ["orders"],
    },
    {
      what: "a topic that is read by its beginning",
      stack: [free, acl("User:shop", "Read", "ord", "Prefixed")],
    },
    {
      what: "a topic that another name begins like",
      stack: [free, acl("User:a", "Read", "order")],
      found: ["orders"],
    },
    { what: "dead letters by name", stack: [topic("orders.dead-letters")] },
    {
      what: "dead letters by who writes them",
      stack: [free, reading, topic("orders.bad"), acl("User:shop", "Write", "orders.bad")],
    },
    {
      what: "a topic that is named like dead letters and written by others",
      stack: [free, reading, topic("orders.bad"), acl("User:till", "Write", "orders.bad")],
      found: ["orders.bad"],
    },
    { what: "a topic that is read elsewhere", stack: [free], config: { readElsewhere: ["orders"] } },
    {
      what: "anything while the readers' topics are not known yet",
      stack: [free, withField(acl("User:a", "Read", "x"), ["aclResourceName"], unknownUntilUpdate)],
    },
  ],
);

const user: Given = {
  type: "kafka:index/userScramCredential:UserScramCredential",
  name: "shop",
  props: { username: "acme.shop.web", scramMechanism: "SCRAM-SHA-512", password: "generated-password" },
};
itJudges(ownKafkaUsers, user, [
  { what: "a weaker mechanism", path: ["scramMechanism"], value: "SCRAM-SHA-256", found: ["SCRAM-SHA-256"] },
]);

const secret = object("core/v1:Secret", "shop/kafka", { stringData: { username: "acme.shop.web" } });
const withSecret = (name: string, namespaceName = "shop"): Given =>
  workload(`${namespaceName}/${name}`, {
    podSpec: {
      containers: [
        {
          name: "main",
          env: [{ name: "P", valueFrom: { secretKeyRef: { name: "kafka", key: "password" } } }],
        },
      ],
      volumes: [{ name: "kafka", secret: { secretName: "kafka" } }],
    },
  });
itJudgesStacks(
  ownKafkaUsers,
  [user, secret, withSecret("web")],
  [
    {
      what: "two workloads with one user",
      stack: [user, secret, withSecret("web"), withSecret("api")],
      found: ['"acme.shop.web" is shared by "web" and "api"'],
    },
    {
      what: "Secrets of one name in two namespaces",
      stack: [user, secret, withSecret("web"), withSecret("api", "other")],
    },
    {
      what: "a shared Secret that is no Kafka user's",
      stack: [secret, withSecret("web"), withSecret("api")],
    },
  ],
);

const server = (text: string): Given =>
  object("core/v1:ConfigMap", "algorun/kafka", { data: { "server.properties": text } });
const good = server("allow.everyone.if.no.acl.found=false\nlistener.security.protocol.map=CLIENTS:SASL_SSL");
const file = ["data", "server.properties"];
itJudges(guardedBrokers, good, [
  {
    what: "everybody where there is no ACL",
    path: file,
    value: "allow.everyone.if.no.acl.found=true",
    found: ["everybody may use"],
  },
  {
    what: "topics by typing error",
    path: file,
    value: "auto.create.topics.enable = TRUE",
    found: ["typing error"],
  },
  {
    what: "a leader that is behind",
    path: file,
    value: "unclean.leader.election.enable: true",
    found: ["messages are lost"],
  },
  {
    what: "a listener without a password",
    path: file,
    value: "listener.security.protocol.map=CLIENTS:SASL_SSL,OPEN:PLAINTEXT",
    found: ["OPEN:PLAINTEXT"],
  },
  { what: "what is commented out", path: file, value: "# auto.create.topics.enable=true" },
]);
itJudges(encryptedKafka, good, [
  {
    what: "a listener without encryption",
    path: file,
    value: "listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT",
    found: ["CLIENTS:SASL_PLAINTEXT"],
  },
  {
    what: "a client without encryption, once",
    path: file,
    value: "security.protocol=SASL_PLAINTEXT\nproducer.security.protocol=SASL_PLAINTEXT",
    found: ["SASL_PLAINTEXT"],
  },
]);

const provider: Given = {
  type: "pulumi:providers:kafka",
  name: "kafka",
  props: { tlsEnabled: "true", skipTlsVerify: "false" },
};
itJudges(encryptedKafka, provider, [
  { what: "an administrator without TLS", path: ["tlsEnabled"], value: "false", found: ["without TLS"] },
  {
    what: "an administrator who takes any certificate",
    path: ["skipTlsVerify"],
    value: true,
    found: ["any certificate"],
  },
]);
