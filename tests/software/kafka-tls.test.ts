import assert from "node:assert/strict";
import "reflect-metadata"; // what @peculiar/x509 finds its parts by; before its own import
import { webcrypto } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { resolveTools } from "../../local/toolchain/toolchain";
import { kafkaPorts } from "../../components/data/kafka/cluster-layout";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "./kafka-client";
import { isReady, passwords, startNode, type CertificateFiles, type TestCluster } from "./kafka-nodes";
import { freePort } from "./free-port";
import { NodePort } from "./node-port";
import { eventually, ProcessGroup } from "./process-group";

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

/** A certificate for addresses that is its own authority. */
async function selfSigned(addresses: readonly string[]): Promise<CertificateFiles> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ CN: ["kafka"] }],
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 86_400_000),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.SubjectAlternativeNameExtension(addresses.map((value) => ({ type: "ip", value }))),
      ],
    },
    webcrypto,
  );
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const pem = `${certificate.toString("pem")}\n`;
  return { "tls.crt": pem, "tls.key": `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`, "ca.crt": pem };
}
