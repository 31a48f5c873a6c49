import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveTools } from "../../local/toolchain/toolchain";
import { kafkaPorts } from "../../components/data/kafka/cluster-layout";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "./kafka-client";
import { isReady, passwords, startNode, type TestCluster } from "./kafka-nodes";
import { freePort } from "./free-port";
import { NodePort } from "./node-port";
import { eventually, ProcessGroup } from "./process-group";
import { selfSigned } from "./self-signed";

describe("Kafka with TLS, started from what KafkaCluster renders: one controller and one broker", function () {
  this.timeout(60_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-tls-"));
  const network = "127.0.13";
  const brokers = [`${network}.20:9092`];
  let administrator: KafkaLogin;
  let nodePort: NodePort;

  before(async function () {
    this.timeout(600_000);
    const { kafka } = await resolveTools(["java", "kafka"]);
    const certificates = await selfSigned([`${network}.10`, `${network}.20`, "127.0.0.1"]);
    nodePort = await NodePort.open(await freePort(), { host: `${network}.20`, port: kafkaPorts.external });
    const cluster: TestCluster = {
      folder,
      libraries: kafka.path,
      controllers: 1,
      brokers: 1,
      network,
      certificates,
      externalAddresses: [nodePort.address],
    };
    administrator = {
      brokers,
      username: "admin",
      password: passwords.admin,
      caCertificate: certificates["ca.crt"],
    };
    for (const node of [startNode(group, cluster, "controller", 0), startNode(group, cluster, "broker", 0)]) {
      await eventually("a port", () => isReady(node), { program: node.program, seconds: 240 });
    }
  });

  after(async () => {
    nodePort.close();
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes clients that trust its certificate, and keeps one copy with one broker", async () => {
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["orders"], partitions: 1, replicas: 1 }),
    );
    await produce(administrator, "orders", "an order");
    assert.equal(await consumeFirst(administrator, "orders", "algorun.check"), "an order");
  });

  it("is reached from outside through a port of a node, and nothing else", async () => {
    const outside = { ...administrator, brokers: [nodePort.address] };
    const metadata = await administer(outside, (admin) => admin.metadata({ topics: [] }));
    assert.deepEqual(
      [...metadata.brokers.values()].map(({ host, port }) => `${host}:${port}`),
      [nodePort.address],
    );
    await administer(outside, (admin) =>
      admin.createTopics({ topics: ["from-outside"], partitions: 1, replicas: 1 }),
    );
    await produce(outside, "from-outside", "an order");
    assert.equal(await consumeFirst(outside, "from-outside", "algorun.outside"), "an order");
    const wrong = { ...outside, password: "wrong", retries: 0 };
    assert.match(await refusalOf(administer(wrong, (admin) => admin.listTopics())), /SASL|authentication/i);
  });

  it("takes no connection that is not encrypted", async () => {
    const plain = { brokers, username: "admin", password: passwords.admin, retries: 0 };
    assert.notEqual(await refusalOf(administer(plain, (admin) => admin.listTopics())), "");
  });

  it("is not trusted by a client that trusts another authority", async () => {
    const other = await selfSigned([`${network}.20`]);
    const deceived = { ...administrator, caCertificate: other["ca.crt"], retries: 0 };
    assert.match(await refusalOf(administer(deceived, (admin) => admin.listTopics())), /certificate/i);
  });
});
