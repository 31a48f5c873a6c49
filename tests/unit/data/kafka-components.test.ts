import assert from "node:assert/strict";
import { z } from "zod";
import { ExternalKafka } from "../../../components/data/kafka/external-kafka";
import { KafkaIdentity } from "../../../components/data/kafka/kafka-identity";
import { KafkaTopics, type KafkaTopicSettings } from "../../../components/data/kafka/kafka-topics";
import type { SecretGeneration } from "../../../components/secret-rotation";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { theManifest, theResource } from "../../harness/manifests";

const secretShape = z.looseObject({ stringData: z.record(z.string(), z.string()) });

function externalKafka(): ExternalKafka {
  return new ExternalKafka("kafka", {
    bootstrapServers: ["b-1.example:9096", "b-2.example:9096"],
    brokers: 2,
    addressBlocks: ["10.0.0.0/16"],
    administration: { bootstrapServers: ["b-1.example:9096"], username: "admin", password: "p", tls: true },
  });
}

describe("ExternalKafka", () => {
  it("is the same service as a cluster of our own", async () => {
    const { result } = await deploy(externalKafka);
    assert.equal(await settle(result.bootstrapServers), "b-1.example:9096,b-2.example:9096");
    assert.equal(result.securityProtocol, "SASL_SSL");
    assert.equal(result.defaultReplicationFactor, 2);
    assert.deepEqual(result.address, { peers: [{ ipBlock: { cidr: "10.0.0.0/16" } }], ports: [9096] });
  });
});

describe("KafkaTopics", () => {
  const topics: readonly KafkaTopicSettings[] = [
    { name: "a", partitions: 3, parameters: { "retention.ms": "1000" } },
    { name: "b", partitions: 1, replicationFactor: 1, parameters: {} },
  ];

  it("makes each topic as asked for, with the cluster's number of copies by default", async () => {
    const { resources } = await deploy(
      () => new KafkaTopics("t", { kafka: externalKafka(), topics, retain: true }),
    );
    const first = theResource(resources, "kafka:index/topic:Topic", "t-a");
    assert.deepEqual(first.inputs, {
      name: "a",
      partitions: 3,
      replicationFactor: 2,
      config: { "retention.ms": "1000" },
    });
    assert.equal(first.retainOnDelete, true);
    assert.equal(theResource(resources, "kafka:index/topic:Topic", "t-b").inputs["replicationFactor"], 1);
  });

  it("asks the guard of partitions first", async () => {
    const { resources } = await deploy(
      () => new KafkaTopics("t", { kafka: externalKafka(), topics, retain: false }),
    );
    const guard = theResource(resources, "pulumi:index:Stash", "t-partitions");
    assert.deepEqual(guard.inputs["input"], { a: 3, b: 1 });
    for (const name of ["t-a", "t-b"]) {
      const topic = theResource(resources, "kafka:index/topic:Topic", name);
      assert.ok(topic.dependencies.includes(guard.urn), name);
    }
  });

  it("records what was made when all of it is there", async () => {
    const { resources } = await deploy(
      () => new KafkaTopics("t", { kafka: externalKafka(), topics, retain: false }),
    );
    const record = theResource(resources, "pulumi:index:Stash", "t-topics-made");
    assert.deepEqual(record.inputs["input"], ["a", "b"]);
    for (const name of ["t-a", "t-b"]) {
      const { urn } = theResource(resources, "kafka:index/topic:Topic", name);
      assert.ok(record.dependencies.includes(urn), name);
    }
  });

  it("hands out the topics that somebody must wait for", async () => {
    const { result } = await deploy(
      () => new KafkaTopics("t", { kafka: externalKafka(), topics, retain: false }),
    );
    assert.equal(result.resources().length, 2);
    assert.equal(result.resources(["b"]).length, 1);
    assert.throws(() => result.resources(["c"]), /has no topic c/);
  });
});

describe("KafkaIdentity", () => {
  const identity = { username: "o.n.c", consumerGroup: "algorun.o.n.c", reads: ["in"], writes: ["out"] };
  const make = (generation?: SecretGeneration): Promise<Deployed<KafkaIdentity>> =>
    deploy(
      () => new KafkaIdentity("c-kafka", { kafka: externalKafka(), identity, namespace: "ns", generation }),
    );

  it("is a user, its rights and a Secret with all that a client needs", async () => {
    const { resources } = await make();
    const user = theResource(resources, "kafka:index/userScramCredential:UserScramCredential", "c-kafka");
    assert.equal(user.inputs["username"], "o.n.c");
    assert.equal(user.inputs["scramMechanism"], "SCRAM-SHA-512");
    assert.ok(user.secrets.includes("password"));
    const { stringData } = theManifest(resources, "Secret", "c-kafka", secretShape);
    assert.deepEqual(Object.keys(stringData).sort(), ["jaas-config", "password", "username"]);
    assert.match(stringData["jaas-config"] ?? "", /username="o\.n\.c" password="c-kafka-result";$/);
  });

  it("names each resource exactly, and only for itself", async () => {
    const { resources } = await make();
    const acls = resources.filter(({ type }) => type === "kafka:index/acl:Acl");
    assert.deepEqual(acls.map(({ name }) => name).sort(), [
      "c-kafka-read-group-algorun.o.n.c",
      "c-kafka-read-topic-in",
      "c-kafka-write-topic-out",
    ]);
    for (const { inputs } of acls) {
      assert.equal(inputs["aclPrincipal"], "User:o.n.c");
      assert.equal(inputs["aclPermissionType"], "Allow");
      assert.equal(inputs["resourcePatternTypeFilter"], "Literal");
      assert.doesNotMatch(String(inputs["aclResourceName"]), /\*/);
    }
  });

  it("is two users with the same rights while its password changes, and pods log in as the new one", async () => {
    const { resources, result } = await make({ inUse: 3, previous: 2 });
    const users = resources.filter(
      ({ type }) => type === "kafka:index/userScramCredential:UserScramCredential",
    );
    assert.deepEqual(
      users.map(({ name, inputs }) => [name, inputs["username"], inputs["password"]]).sort(),
      [2, 3].map((number) => [`c-kafka@${number}`, `o.n.c@${number}`, `c-kafka-password@${number}-result`]),
    );
    const rights = (user: string): string[] =>
      resources
        .filter(
          ({ type, inputs }) => type === "kafka:index/acl:Acl" && inputs["aclPrincipal"] === `User:${user}`,
        )
        .map(({ inputs }) => JSON.stringify({ ...inputs, aclPrincipal: "" }))
        .sort();
    assert.equal(rights("o.n.c@3").length, 3);
    assert.deepEqual(rights("o.n.c@2"), rights("o.n.c@3"));
    const { stringData } = theManifest(resources, "Secret", "c-kafka", secretShape);
    assert.equal(stringData["username"], "o.n.c@3");
    assert.match(
      stringData["jaas-config"] ?? "",
      /username="o\.n\.c@3" password="c-kafka-password@3-result";$/,
    );
    assert.equal(result.username, "o.n.c@3");
  });
});
