import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveTools } from "../../local/toolchain/toolchain";
import {
  administer,
  consumeFirst,
  createUser,
  grant,
  produce,
  refusalOf,
  type KafkaLogin,
} from "./kafka-client";
import {
  isReady,
  passwords,
  restartNode,
  runStopScript,
  startNode,
  type TestCluster,
  type TestNode,
} from "./kafka-nodes";
import { eventually, ProcessGroup } from "./process-group";

describe("Kafka, started from what KafkaCluster renders: three controllers and three brokers", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-cluster-"));
  const network = "127.0.11";
  const brokers = [0, 1, 2].map((index) => `${network}.2${index}:9092`);
  const administrator: KafkaLogin = { brokers, username: "admin", password: passwords.admin };
  const worker: KafkaLogin = { brokers, username: "owner.name.worker", password: "workerSecret03" };
  const hasty = { ...worker, retries: 0 };
  const consumerGroup = "algorun.owner.name.worker";
  let cluster: TestCluster;
  let nodes: TestNode[];

  before(async function () {
    this.timeout(600_000);
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    cluster = { folder, libraries: kafka.path, controllers: 3, brokers: 3, network, zones: ["a", "a", "b"] };
    nodes = [0, 1, 2].flatMap((index) => [
      startNode(group, cluster, "controller", index),
      startNode(group, cluster, "broker", index),
    ]);
    for (const node of nodes)
      await eventually("a port", () => isReady(node), { program: node.program, seconds: 120 });
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["orders", "results", "private"], partitions: 3, replicas: 3 }),
    );
    const { username = "", password = "" } = worker;
    await createUser(
      administrator,
      { username, password },
      { libraries: kafka.path, folder, java: java.path },
    );
    await grant(administrator, username, { consumerGroup, reads: ["orders"], writes: ["results"] });
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const broker = (index: number): TestNode => {
    const node = nodes.find((candidate) => candidate.role === "broker" && candidate.index === index);
    assert.ok(node);
    return node;
  };

  it("refuses who does not log in, and who has a wrong password", async () => {
    assert.notEqual(await refusalOf(administer({ brokers, retries: 0 }, (admin) => admin.listTopics())), "");
    const wrong = { ...administrator, password: "wrong", retries: 0 };
    assert.match(await refusalOf(administer(wrong, (admin) => admin.listTopics())), /SASL|authentication/i);
  });

  it("lets no client into the controllers' listener", async () => {
    const atController = { ...administrator, brokers: [`${network}.10:9093`], retries: 0 };
    assert.notEqual(await refusalOf(administer(atController, (admin) => admin.listTopics())), "");
  });

  it("keeps each partition on three brokers", async () => {
    const metadata = await administer(administrator, (admin) => admin.metadata({ topics: ["orders"] }));
    const replicas = metadata.topics.get("orders")?.partitions.map((partition) => partition.replicas.length);
    assert.deepEqual(replicas, [3, 3, 3]);
  });

  it("keeps copies in both zones, where more brokers are in one of them", async () => {
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["spread"], partitions: 6, replicas: 2 }),
    );
    const metadata = await administer(administrator, (admin) => admin.metadata({ topics: ["spread"] }));
    const partitions = metadata.topics.get("spread")?.partitions ?? [];
    assert.equal(partitions.length, 6);
    for (const { replicas } of partitions)
      assert.ok(replicas.includes(2), `only in zone a: ${replicas.join()}`);
    // Two copies, both of which must have each message, leave none to spare: no broker could stop.
    await administer(administrator, (admin) => admin.deleteTopics({ topics: ["spread"] }));
  });

  it("lets an identity write its topics and no other", async () => {
    await produce(worker, "results", "made by the worker");
    for (const topic of ["orders", "private"]) {
      assert.match(await refusalOf(produce(hasty, topic, "smuggled")), /AUTHORIZATION|unknown topic/i, topic);
    }
  });

  it("lets an identity read its topics and no other, in its own group and no other", async () => {
    await produce(administrator, "orders", "an order");
    assert.equal(await consumeFirst(worker, "orders", consumerGroup), "an order");
    assert.match(await refusalOf(consumeFirst(hasty, "orders", "algorun.other")), /GROUP_AUTHORIZATION/);
    assert.match(
      await refusalOf(consumeFirst(hasty, "results", consumerGroup)),
      /AUTHORIZATION|unknown topic/i,
    );
    assert.match(
      await refusalOf(consumeFirst(hasty, "private", consumerGroup)),
      /AUTHORIZATION|unknown topic/i,
    );
  });

  it("makes no topic because somebody names one", async () => {
    assert.match(
      await refusalOf(produce({ ...administrator, retries: 0 }, "misspelt", "lost")),
      /unknown topic/i,
    );
    const topics = await administer(administrator, (admin) => admin.listTopics());
    assert.ok(!topics.includes("misspelt"));
  });

  it("stays readable and writable without one broker, and tells the others to wait until it is back", async () => {
    await eventually(
      "all copies are in sync, and a broker that stops has nothing to wait for",
      async () => (await runStopScript(cluster, broker(0))) === "",
      { seconds: 120 },
    );
    await broker(2).program.stop("SIGKILL");
    const two = { ...administrator, brokers: brokers.slice(0, 2), retries: 1 };
    await eventually("a message is acknowledged by the rest", () =>
      succeeds(produce(two, "orders", "another order")),
    );
    await eventually("the messages from before can be read", () =>
      succeeds(
        consumeFirst(two, "orders", "algorun.check").then((order) => {
          assert.equal(order, "an order");
        }),
      ),
    );
    assert.match(await runStopScript(cluster, broker(0)), /no copy to spare/);

    const again = restartNode(group, cluster, broker(2));
    await eventually("the broker is back", () => isReady(again), { program: again.program, seconds: 90 });
    await eventually(
      "its copies have caught up",
      async () => (await runStopScript(cluster, broker(0))) === "",
    );
  });
});

/** Whether something worked this time: clients find the new leaders only after an attempt or two. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return await work.then(
    () => true,
    () => false,
  );
}
