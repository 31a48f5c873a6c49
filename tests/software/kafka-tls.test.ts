import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaPorts } from "../../components/data/kafka/cluster-layout";
import { serverCertificates } from "../../components/server-certificates";
import { parseSettings } from "../../config/parse-settings";
import { resolveTools } from "../../local/toolchain/toolchain";
import { exampleAuthority } from "../harness/example-authority";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "./kafka-client";
import {
  isReady,
  logOf,
  passwords,
  restartNode,
  startNode,
  type CertificateFiles,
  type TestCluster,
  type TestNode,
} from "./kafka-nodes";
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

describe("Kafka with TLS by the names of pods: one controller and two brokers", function () {
  this.timeout(300_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-names-"));
  const network = "127.0.15";
  const nodePorts: NodePort[] = [];
  const brokers: TestNode[] = [];
  let others: CertificateFiles;
  let cluster: TestCluster;
  let administrator: KafkaLogin;

  before(async () => {
    const { kafka } = await resolveTools(["java", "kafka"]);
    for (const index of [0, 1]) {
      const target = { host: `${network}.2${index}`, port: kafkaPorts.external };
      nodePorts.push(await NodePort.open(await freePort(), target));
    }
    const externalAddresses = nodePorts.map(({ address }) => address);
    const certificates = await selfSigned(orderedFor("acme", externalAddresses));
    others = await selfSigned(orderedFor("acme", externalAddresses));
    const authorities = `${certificates["ca.crt"]}${others["ca.crt"]}`;
    administrator = {
      brokers: externalAddresses,
      username: "admin",
      password: passwords.admin,
      caCertificate: authorities,
    };
    cluster = {
      folder,
      libraries: kafka.path,
      controllers: 1,
      brokers: 2,
      network,
      namespace: "acme",
      certificates,
      authorities,
      externalAddresses,
    };
  });

  after(async () => {
    for (const nodePort of nodePorts) nodePort.close();
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes a certificate for what cert-manager is asked for, and copies from broker to broker", async () => {
    for (const [role, index] of [
      ["controller", 0],
      ["broker", 0],
      ["broker", 1],
    ] as const) {
      const node = startNode(group, cluster, role, index);
      await eventually("a port", () => isReady(node), { program: node.program, seconds: 240 });
      if (role === "broker") brokers.push(node);
    }
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["copied"], partitions: 1, replicas: 2 }),
    );
    await produce(administrator, "copied", "an order");
    await eventually("two copies in sync", async () => (await inSync()) === 2);
  });

  it("goes on while a broker after the other gets a certificate of another authority, as long as all trust both", async () => {
    const [, second] = brokers;
    assert.ok(second);
    await second.program.stop();
    await eventually("one copy in sync", async () => (await inSync()) === 1, { seconds: 120 });
    // As the kubelet does it when the Secret has changed.
    for (const name of ["tls.crt", "tls.key", "ca.crt"] as const)
      writeFileSync(join(folder, "broker-1", "certificates", name), others[name]);
    const again = restartNode(group, cluster, second);
    await eventually("a port", () => isReady(again), { program: again.program, seconds: 240 });
    await eventually("two copies in sync", async () => (await inSync()) === 2, { seconds: 120 });
    await produce(administrator, "copied", "another order");
    const deceived = {
      ...administrator,
      brokers: nodePorts.slice(1).map(({ address }) => address),
      caCertificate: cluster.certificates?.["ca.crt"] ?? "",
      retries: 0,
    };
    assert.match(await refusalOf(administer(deceived, (admin) => admin.listTopics())), /certificate/i);
  });

  async function inSync(): Promise<number | undefined> {
    const { topics } = await administer(administrator, (admin) => admin.metadata({ topics: ["copied"] }));
    return topics.get("copied")?.partitions[0]?.isr.length;
  }

  it("does not reach a controller whose certificate is for others", async () => {
    const elsewhere = {
      ...cluster,
      folder: join(folder, "elsewhere"),
      network: "127.0.16",
      namespace: "other",
    };
    const controller = startNode(group, elsewhere, "controller", 0);
    await eventually("a port", () => isReady(controller), { program: controller.program, seconds: 240 });
    const broker = startNode(group, elsewhere, "broker", 0);
    await eventually("a refusal", () => /No subject alternative DNS name matching/.test(logOf(broker)), {
      program: broker.program,
      seconds: 240,
    });
    assert.equal(await isReady(broker), false);
  });
});

/** What the program has cert-manager sign for a Kafka in a namespace. */
function orderedFor(namespace: string, addresses: readonly string[]): readonly string[] {
  const settings = parseSettings({
    namespace,
    certificates: { issuer: { name: "own" }, caCertificate: exampleAuthority },
  });
  const external = { type: "NodePort", addresses, addressBlocks: [] } as const;
  const kafka = { mode: "cluster", controllers: 1, brokers: addresses.length, external } as const;
  const ordered = serverCertificates({ ...settings, kafka }).get("kafka");
  return [...(ordered?.dnsNames ?? []), ...(ordered?.ipAddresses ?? [])];
}
