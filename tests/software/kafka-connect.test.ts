import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowedOperations } from "../../components/data/kafka/access";
import { resolveTools } from "../../local/toolchain/toolchain";
import type { DataConnectorPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { planOf } from "../model/documents-under-test";
import { isHealthy, register, startAutoRestart, startWorker, type TestConnect } from "./connect-nodes";
import { administer, consumeFirst, createUser, grant, produce, type KafkaLogin } from "./kafka-client";
import { isReady, passwords, startNode, type TestCluster } from "./kafka-nodes";
import { eventually, ProcessGroup, type RunningProgram } from "./process-group";

/** Lines of a file go into a topic, and the messages of that topic into another file. */
const document = (source: string): string => `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: lines
  pipelineOwner: acme
  pipelineName: lines
  pipelineVersionTag: "1.0"
  dataConnectors:
    - version: "1.0"
      egress: []
      spec:
        dataConnectorType: Source
        name: reader
        connectorClass: org.apache.kafka.connect.file.FileStreamSourceConnector
        versions: [{ versionTag: "1.0", image: {} }]
        options: { topic: whatever-the-connector-likes, file: ${JSON.stringify(source)} }
    - version: "1.0"
      egress: []
      spec:
        dataConnectorType: Sink
        name: writer
        connectorClass: org.apache.kafka.connect.file.FileStreamSinkConnector
        versions: [{ versionTag: "1.0", image: {} }]
        options: { file: { secretKeyRef: { name: target.file, key: path } } }
      topics: [{ outputName: dead-letters }]
  pipes:
    - { sourceName: "reader:1.0[1]", sourceOutputName: lines, destName: "writer:1.0[1]", destInputName: lines }
`;

const lines = "algorun.acme.lines.reader.1.lines";
const deadLetters = "algorun.acme.lines.writer.1.dead-letters";

describe("Kafka Connect, started from what DataConnector renders, with the planned rights and no more", function () {
  this.timeout(300_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "kafka-connect-"));
  const network = "127.0.14";
  const source = join(folder, "source.txt");
  const target = join(folder, "target.txt");
  const brokers = [0, 1, 2].map((index) => `${network}.2${index}:9092`);
  const administrator: KafkaLogin = { brokers, username: "admin", password: passwords.admin };
  const hosts = {
    reader: `${network}.30`,
    second: `${network}.31`,
    writer: `${network}.32`,
    renamed: `${network}.33`,
  };
  let plan: PipelinePlan;
  let reader: TestConnect;
  let writer: TestConnect;
  const readers: RunningProgram[] = [];
  let connect: (plan: PipelinePlan, name: string) => Promise<TestConnect>;

  before(async function () {
    this.timeout(600_000);
    const { java, kafka } = await resolveTools(["java", "kafka"]);
    const cluster: TestCluster = { folder, libraries: kafka.path, controllers: 1, brokers: 3, network };
    const nodes = [
      startNode(group, cluster, "controller", 0),
      ...[0, 1, 2].map((index) => startNode(group, cluster, "broker", index)),
    ];
    for (const node of nodes)
      await eventually("a port", () => isReady(node), { program: node.program, seconds: 180 });
    plan = planOf(document(source));
    await makeTopics();
    writeFileSync(source, "the first line\n");
    const common = { libraries: kafka.path, brokers: brokers.join(",") };
    connect = async (of, name) => {
      const own = connectorOf(of, name);
      const password = `secretOf${name}0001`;
      const { username } = own.identity;
      await createUser(
        administrator,
        { username, password },
        { libraries: kafka.path, folder, java: java.path },
      );
      await grant(administrator, username, own.identity);
      const secrets = { "target.file": { path: target } };
      return { ...common, folder: mkdtempSync(join(folder, `${name}-`)), plan: own, password, secrets };
    };
    reader = await connect(plan, "reader");
    writer = await connect(plan, "writer");
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  function connectorOf({ components }: PipelinePlan, name: string): DataConnectorPlan {
    const found = components.find((component) => component.name === `${name}-1`);
    assert.ok(found?.kind === "dataConnector");
    return found;
  }

  /** The plan's topics, as the provider would make them. */
  async function makeTopics(): Promise<void> {
    await administer(administrator, async (admin) => {
      for (const { name, partitions, parameters } of plan.topics) {
        const configs = Object.entries(parameters).map(([key, value]) => ({ name: key, value }));
        await admin.createTopics({ topics: [name], partitions, replicas: 3, configs });
      }
    });
  }

  const topicNames = async (): Promise<readonly string[]> =>
    (await administer(administrator, (admin) => admin.listTopics())).filter((name) => !name.startsWith("__"));

  it("needs no right but to read and write its topics and to be in its groups", () => {
    const operations = plan.components.flatMap(({ identity }) => allowedOperations(identity));
    assert.deepEqual([...new Set(operations.map(({ operation }) => operation))].sort(), ["Read", "Write"]);
  });

  it("becomes healthy, with two workers that hand requests to each other", async () => {
    for (const host of [hosts.reader, hosts.second]) {
      const program = startWorker(group, reader, host);
      readers.push(program);
      await eventually("a healthy worker", () => isHealthy(host, reader.plan), { program, seconds: 120 });
    }
    // Only one of them leads: whoever is asked, the request arrives there.
    for (const host of [hosts.reader, hosts.second]) {
      assert.deepEqual(await register(reader, host), {
        code: 0,
        stdout: "acme.lines.reader-1: running, tasks: 1\n",
        stderr: "",
      });
    }
  });

  it("puts what a source reads into the topic of its pipe, whatever topic it names", async () => {
    const message = await consumeFirst(administrator, lines, "algorun.check");
    assert.equal(message, JSON.stringify("the first line"));
  });

  it("writes what is in a sink's topic, to where a Secret says", async () => {
    const program = startWorker(group, writer, hosts.writer);
    await eventually("a healthy worker", () => isHealthy(hosts.writer, writer.plan), {
      program,
      seconds: 120,
    });
    const { code, stderr } = await register(writer, hosts.writer);
    assert.equal(code, 0, stderr);
    await produce(administrator, lines, JSON.stringify("from elsewhere"));
    appendFileSync(source, "the second line\n");
    await eventually("all lines", () => {
      const written = existsSync(target) ? readFileSync(target, "utf8").split("\n") : [];
      return ["the first line", "from elsewhere", "the second line"].every((line) => written.includes(line));
    });
    assert.ok(!(await configOf(writer)).includes(target), "the Secret's value stands in the configuration");
  });

  it("keeps what a sink can't read as a dead letter, and goes on", async () => {
    await produce(administrator, lines, "no JSON at all");
    assert.equal(await consumeFirst(administrator, deadLetters, "algorun.check"), "no JSON at all");
    await produce(administrator, lines, JSON.stringify("after the dead letter"));
    await eventually("the next line", () => readFileSync(target, "utf8").includes("after the dead letter"));
  });

  it("makes no topics of its own", async () => {
    assert.deepEqual(await topicNames(), plan.topics.map(({ name }) => name).sort());
  });

  it("reports a failed task as an error, with its reason, and heals when that is gone", async () => {
    const failed = await register(writer, hosts.writer, { file: join(folder, "no", "such", "folder") });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /^acme\.lines\.writer-1: the connector or a task of it has failed\n/);
    assert.match(failed.stderr, /ConnectException: Couldn't find or create file/);
    assert.doesNotMatch(failed.stderr, /\\t|\\n|\tat /, "more than the first line of the trace");
    const healed = await register(writer, hosts.writer);
    assert.equal(healed.code, 0, healed.stderr);
  });

  it("restarts what has failed, until what was in its way is gone", async () => {
    const missing = join(folder, "not-yet");
    assert.equal((await register(writer, hosts.writer, { file: join(missing, "target.txt") })).code, 1);
    const { program, isReady } = startAutoRestart(group, writer, hosts.writer, {
      name: "healing",
      minuteSeconds: 5,
    });
    const log = (): string => readFileSync(program.log, "utf8");
    await eventually("a second restart", () => log().includes(": failed, restart 2\n"), { program });
    assert.match(log(), /acme\.lines\.writer-1: failed, restart 1\n.*ConnectException/);
    assert.equal(isReady(), false);
    mkdirSync(missing);
    await eventually("its end of counting", () => /: runs again, after \d+ restarts\n/.test(log()), {
      program,
    });
    assert.equal(isReady(), true);
    await program.stop();
  });

  it("gives up after as many restarts as its document says, and stays unready", async () => {
    const missing = join(folder, "never");
    assert.equal((await register(writer, hosts.writer, { file: join(missing, "target.txt") })).code, 1);
    const options = { name: "giving-up", minuteSeconds: 5, maxRestarts: 2 };
    const { program, isReady } = startAutoRestart(group, writer, hosts.writer, options);
    const log = (): string => readFileSync(program.log, "utf8");
    await eventually("its giving up", () => log().includes("after 2 restarts, and is restarted no more\n"), {
      program,
    });
    assert.equal(log().split("failed, restart").length, 3);
    assert.equal(isReady(), false);
    await program.stop();
    assert.equal((await register(writer, hosts.writer)).code, 0);
  });

  it("says at once what is wrong with a configuration that Kafka Connect refuses", async () => {
    const refused = await register(reader, hosts.reader, { "batch.size": "many" });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /refuses the configuration\n.*\n?.*many.*batch\.size/s);
    const missing = await register(reader, hosts.reader, { "connector.class": "com.acme.NoSuchConnector" });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Failed to find any class/);
  });

  it("goes on where it was when its deployment is renamed", async () => {
    for (const program of readers) await program.stop();
    const renamed = document(source).replace(
      "deploymentName: lines",
      "deploymentName: verses\n  previousNames: [{ deploymentName: lines }]",
    );
    const verses = await connect(planOf(renamed), "reader");
    assert.equal(verses.plan.identity.username, "acme.verses.reader-1");
    const program = startWorker(group, verses, hosts.renamed);
    await eventually("a healthy worker", () => isHealthy(hosts.renamed, verses.plan), {
      program,
      seconds: 120,
    });
    const { code, stderr } = await register(verses, hosts.renamed);
    assert.equal(code, 0, stderr);
    appendFileSync(source, "the line after the rename\n");
    const written = (): string => readFileSync(target, "utf8");
    await eventually("the next line", () => written().includes("the line after the rename"));
    assert.equal(written().split("the first line\n").length, 2, "read once more from the beginning");
  });

  it("shows no password in its log", () => {
    const logs = [
      [reader, hosts.reader],
      [writer, hosts.writer],
    ] as const;
    for (const [connect, host] of logs) {
      const log = readFileSync(join(connect.folder, `worker-${host}.log`), "utf8");
      assert.match(log, /DistributedConfig values/);
      assert.ok(!log.includes(connect.password));
    }
  });

  async function configOf({ plan: own }: TestConnect): Promise<string> {
    const answer = await fetch(
      `http://${hosts.writer}:${own.restPort}/connectors/${own.registeredName}/config`,
    );
    return answer.text();
  }
});
