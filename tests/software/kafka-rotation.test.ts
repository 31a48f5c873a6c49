import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { kafkaUsernames } from "../../components/data/kafka/kafka-identity";
import { resolveTools } from "../../local/toolchain/toolchain";
import {
  administer,
  consumeFirst,
  createUser,
  grant,
  HeldProducer,
  produce,
  refusalOf,
  removeUser,
  type KafkaLogin,
} from "./kafka-client";
import {
  isReady,
  passwords,
  restartNode,
  startNode,
  writeSecret,
  type TestCluster,
  type TestNode,
} from "./kafka-nodes";
import { eventually, ProcessGroup } from "./process-group";

const roles = ["controller", "broker"] as const;

describe("rotation of Kafka's passwords, on a controller and a broker", function () {
  this.timeout(180_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-rotation-"));
  const network = "127.0.17";
  const brokers = [`${network}.20:9092`];
  const administrator: KafkaLogin = { brokers, username: "admin", password: passwords.admin };
  const [second = "", first = ""] = kafkaUsernames("owner.name.worker", { inUse: 2, previous: 1 });
  const old: KafkaLogin = { brokers, username: first, password: "workerSecret01" };
  const current: KafkaLogin = { brokers, username: second, password: "workerSecret02" };
  const access = { consumerGroup: "algorun.owner.name.worker", reads: ["orders"], writes: ["orders"] };
  let tools: { readonly libraries: string; readonly folder: string; readonly java: string };
  const later = { ...administrator, password: "adminSecret0002" };
  let cluster: TestCluster;
  let nodes: TestNode[] = [];

  before(async function () {
    this.timeout(600_000);
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    tools = { libraries: kafka.path, folder, java: java.path };
    cluster = { folder, libraries: kafka.path, controllers: 1, brokers: 1, network };
    for (const role of roles) await ready(startNode(group, cluster, role, 0));
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["orders"], partitions: 1, replicas: 1 }),
    );
    await makeUser(old);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ready(node: TestNode): Promise<void> {
    nodes.push(node);
    await eventually("a port", () => isReady(node), { program: node.program, seconds: 120 });
  }

  /** Mounts other passwords, as a new Secret does. */
  function mount(role: TestNode["role"], users: Readonly<Record<string, string>>): void {
    const credentials = join(folder, `${role}-0`, "credentials");
    rmSync(credentials, { recursive: true });
    writeSecret(credentials, users);
  }

  /** Runs what the administrator's Job runs, which logs in as a node. */
  async function setAdministrator(): Promise<void> {
    await promisify(execFile)("sh", [join(folder, "controller-0", "configuration", "administrator.sh")], {
      env: { PATH: process.env["PATH"], POD_INDEX: "0", POD_NAME: "kafka-administrator" },
    });
  }

  async function makeUser({ username = "", password = "" }: KafkaLogin): Promise<void> {
    await createUser(administrator, { username, password }, tools);
    await grant(administrator, username, access);
  }

  it("lets the old user and the new one read and write in one consumer group, and loses no message", async () => {
    const held = await HeldProducer.open(old);
    await held.send("orders", "before");
    await makeUser(current);
    await produce(old, "orders", "by the old one");
    assert.equal(await consumeFirst(old, "orders", access.consumerGroup), "before");
    await produce(current, "orders", "by the new one");
    assert.equal(await consumeFirst(current, "orders", access.consumerGroup), "before");
    await held.send("orders", "by a connection from before");
    await held.close();
  });

  it("refuses the old user when it is retired, and serves the new one all messages", async () => {
    const { username = "" } = old;
    await removeUser(administrator, username, tools);
    assert.match(await refusalOf(produce({ ...old, retries: 0 }, "orders", "late")), /SASL|authentication/i);
    const offsets = await administer(administrator, (admin) =>
      admin.listOffsets({
        topics: [{ name: "orders", partitions: [{ partitionIndex: 0, timestamp: -1n }] }],
      }),
    );
    assert.equal(offsets[0]?.partitions[0]?.offset, 4n);
    await produce(current, "orders", "still by the new one");
  });

  it("gives the administrator a later password, whatever the one before was", async () => {
    mount("controller", { admin: later.password, node: passwords.node });
    for (let time = 0; time < 2; time++) await setAdministrator();
    assert.ok((await administer(later, (admin) => admin.listTopics())).includes("orders"));
    const before = { ...administrator, retries: 0 };
    assert.match(await refusalOf(administer(before, (admin) => admin.listTopics())), /SASL|authentication/i);
  });

  it("gives the nodes a later password while all of them stand still, as is documented", async () => {
    const node = "nodeSecret00003";
    for (const { program } of nodes.reverse()) await program.stop();
    nodes = [];
    mount("controller", { admin: later.password, node });
    mount("broker", { node });
    for (const role of roles) await ready(restartNode(group, cluster, { role, index: 0 }));
    await assert.rejects(setAdministrator(), /SaslAuthentication|invalid credentials/i);
    await createUser(later, { username: "node", password: node }, tools);
    await setAdministrator();
    await produce(current, "orders", "after all of it");
  });
});
