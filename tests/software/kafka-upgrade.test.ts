import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { images } from "../../components/images";
import { resolveTools } from "../../local/toolchain/toolchain";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "./kafka-client";
import { formatNode, isReady, passwords, restartNode, type TestCluster, type TestNode } from "./kafka-nodes";
import { eventually, ProcessGroup } from "./process-group";

const execute = promisify(execFile);
const roles = ["controller", "broker"] as const;

/** Major and minor of the pinned Kafka, as `kafka-features.sh` is told. */
const [pinned = ""] = /^\d+\.\d+/.exec(images.kafka.tag) ?? [];

describe("Kafka on volumes that an older version has prepared", function () {
  this.timeout(240_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-upgrade-"));
  const network = "127.0.20";
  const administrator: KafkaLogin = {
    brokers: [`${network}.20:9092`],
    username: "admin",
    password: passwords.admin,
  };
  let cluster: TestCluster;
  let java = "";
  let nodes: TestNode[] = [];

  before(async function () {
    this.timeout(600_000);
    const tools = await resolveTools(["java", "kafka"]);
    java = tools.java.path;
    cluster = { folder, libraries: tools.kafka.path, controllers: 1, brokers: 1, network };
    for (const role of roles) await formatNode(cluster, role, 0, { version: "4.0", java });
    await start();
    await administer(administrator, (admin) =>
      admin.createTopics({ topics: ["orders"], partitions: 1, replicas: 1 }),
    );
    await produce(administrator, "orders", "from before");
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    nodes = [];
    for (const role of roles) {
      const node = restartNode(group, cluster, { role, index: 0 });
      nodes.push(node);
      await eventually("a port", () => isReady(node), { program: node.program, seconds: 120 });
    }
  }

  /** What `kafka-features.sh` runs, logged in as a node. */
  async function features(...args: readonly string[]): Promise<string> {
    const client = join(folder, "broker-0", "configuration", "client.properties");
    const tool = ["-Xmx128m", "-cp", join(cluster.libraries, "*"), "org.apache.kafka.tools.FeatureCommand"];
    const target = ["--bootstrap-server", `${network}.20:9092`, "--command-config", client];
    const { stdout } = await execute(java, [...tool, ...target, ...args]);
    return stdout;
  }

  async function metadataVersion(): Promise<string> {
    const [, level = ""] =
      /metadata\.version.*FinalizedVersionLevel:\s*(\S+)/.exec(await features("describe")) ?? [];
    return level;
  }

  it("stays at their metadata version, although the program is newer", async () => {
    assert.match(await metadataVersion(), /^4\.0/);
  });

  it("goes to its own by the documented command, and serves what was there", async () => {
    await features("upgrade", "--release-version", pinned);
    const level = await metadataVersion();
    assert.doesNotMatch(level, /^4\.0/);
    assert.match(level, /^4\./);
    assert.equal(await consumeFirst(administrator, "orders", "algorun.check"), "from before");
  });

  it("is still there after a restart, and takes new messages", async () => {
    const level = await metadataVersion();
    for (const node of nodes.reverse()) await node.program.stop();
    await start();
    assert.equal(await metadataVersion(), level);
    await produce(administrator, "orders", "from after");
    assert.equal(await consumeFirst(administrator, "orders", "algorun.again"), "from before");
  });

  it("does not go back by itself: what that could lose, somebody would have to insist on", async () => {
    assert.match(
      await refusalOf(features("downgrade", "--metadata", "4.0")),
      /downgrade|lower|unsafe|could not/i,
    );
    assert.doesNotMatch(await metadataVersion(), /^4\.0/);
  });
});
