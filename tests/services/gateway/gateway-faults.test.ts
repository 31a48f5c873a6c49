import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, ProcessGroup } from "../../software/process-group";
import { TestKafka } from "../test-kafka";
import { curl } from "./curl";
import { endpointUnderTest, topicOf } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { Load } from "./load";

const network = "127.0.32";
const plan = endpointUnderTest();

describe("A gateway whose Kafka comes and goes", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-faults-"));
  let kafka: TestKafka;
  let login: Readonly<Record<string, string>>;
  let gateway: GatewayProcess;
  let expected = 0;

  before(async function () {
    this.timeout(600_000);
    kafka = await TestKafka.start(group, join(folder, "kafka"), network);
    await kafka.createTopics(
      plan.paths.map(({ topic }) => topic),
      2,
    );
    login = await kafka.createUser(plan.identity);
    gateway = await start();
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<GatewayProcess> {
    return await GatewayProcess.start(group, {
      folder: join(folder, "gateway"),
      plan,
      address: `${network}.2`,
      env: { ...login, AWS_REGION: "us-east-1" },
    });
  }

  const url = (path: string) => () => `${gateway.http}/acme/orders/${path}`;

  async function replayed(): Promise<void> {
    await eventually(
      "the log is sent",
      async () => (await gateway.metric("algorun_gateway_log_messages")) === 0,
    );
  }

  it("loses nothing and doubles nothing when the broker stops and starts during load", async () => {
    const load = new Load(url("texts"));
    await eventually("load goes to Kafka", () => load.safe.length > 200);
    await kafka.stopBroker();
    const before = load.safe.length;
    await eventually("load goes to the log", () => load.safe.length > before + 200);
    assert.equal(await gateway.readiness(), 200);
    assert.ok((await gateway.metric("algorun_gateway_log_messages")) > 0);
    await kafka.startBroker();
    await replayed();
    await load.stop();
    await replayed();
    const values = (await kafka.messagesIn(topicOf("texts"))).map(({ value }) => value);
    assert.deepEqual(
      load.sent.filter(({ status }) => status !== 202),
      [],
    );
    assert.deepEqual([...values].sort(), [...load.safe].sort());
    expected = values.length;
  });

  it("doubles nothing after a clean stop while Kafka is away", async () => {
    await kafka.stopBroker();
    await eventually(
      "the gateway knows",
      async () => (await gateway.metric("algorun_gateway_kafka_up")) === 0,
    );
    const load = new Load(url("texts"));
    await eventually("messages are in the log", () => load.safe.length > 100);
    await load.stop();
    await gateway.program.stop("SIGTERM");
    assert.match(gateway.log, /"msg":"drained"/);
    const [, starting] = await Promise.all([kafka.startBroker(), start()]);
    gateway = starting;
    await replayed();
    expected += load.safe.length;
    assert.equal(await kafka.countIn(topicOf("texts")), expected);
  });

  it("loses nothing when it is killed during load, and who got a message twice knows it by its id", async () => {
    const load = new Load(url("anything"));
    await eventually("load goes to Kafka", () => load.safe.length > 100);
    await kafka.stopBroker();
    const first = load.safe.length;
    await eventually("load goes to the log", () => load.safe.length > first + 100);
    for (let kill = 0; kill < 2; kill += 1) {
      await gateway.program.stop("SIGKILL");
      gateway = await start();
      const before = load.safe.length;
      await eventually("load goes on", () => load.safe.length > before + 50);
    }
    await kafka.startBroker();
    await eventually(
      "the log is being sent",
      async () => (await kafka.countIn(topicOf("anything"))) > first + 20,
    );
    await gateway.program.stop("SIGKILL");
    gateway = await start();
    await load.stop();
    await replayed();
    const messages = await kafka.messagesIn(topicOf("anything"));
    const arrived = new Set(messages.map(({ value }) => value));
    assert.deepEqual(
      load.safe.filter((value) => !arrived.has(value)),
      [],
    );
    // The same value is the same message: it has the same id.
    const ids = new Set(messages.map(({ headers }) => headers["messageID"]));
    const values = new Set(messages.map(({ value }) => value));
    assert.equal(ids.size, values.size);
  });

  it("answers others while thousands of slow connections are open, and ends those that say nothing", async () => {
    const count = Number(process.env["GATEWAY_SLOW_CONNECTIONS"] ?? "2000");
    const { hostname, port } = new URL(gateway.http);
    const resident = await gateway.metric("process_resident_memory_bytes");
    const closed = { count: 0 };
    const sockets: Socket[] = Array.from({ length: count }, () => {
      const socket = connect(Number(port), hostname, () =>
        socket.write("POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\n"),
      );
      socket.on("error", () => undefined).on("data", () => undefined);
      return socket.once("close", () => (closed.count += 1));
    });
    await eventually("all are connected", () => sockets.every((socket) => !socket.connecting));
    const { status } = await curl("-H", "content-type: text/plain", "-d", "quick", url("texts")());
    assert.equal(status, 202);
    const grown = (await gateway.metric("process_resident_memory_bytes")) - resident;
    assert.ok(grown / count < 40_000, `each took ${Math.round(grown / count)} bytes`);
    await eventually("the slow ones are ended", () => closed.count === count);
  });
});

describe("A gateway whose log is full", function () {
  this.timeout(60_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-full-"));

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Nobody listens there: Kafka is away from the beginning. */
  const nowhere = { KAFKA_BROKERS: `${network}.9:9092`, AWS_REGION: "us-east-1" };

  it("answers 503 with a time to come again, and is not ready", async () => {
    const small = endpointUnderTest("producer: { wal: { size: 1Mi } }");
    const gateway = await GatewayProcess.start(group, {
      folder: join(folder, "small"),
      plan: small,
      address: `${network}.3`,
      env: nowhere,
    });
    const load = new Load(() => `${gateway.http}/acme/orders/texts`, 4, "x".repeat(60_000));
    await eventually("the log is full", () => load.sent.some(({ status }) => status === 503));
    await load.stop();
    const body = "x".repeat(60_000);
    const { headers, status } = await curl(
      "-H",
      "content-type: text/plain",
      "-d",
      body,
      `${gateway.http}/acme/orders/texts`,
    );
    assert.equal(status, 503);
    assert.match(headers, /retry-after: \d+/);
    assert.equal(await gateway.readiness(), 503);
    assert.ok(load.safe.length > 5);
  });

  it("answers 503 when the disk fails to take a write, loses nothing, and goes on when it does again", async () => {
    // A file may not grow beyond this: the same to a program as a full disk.
    const gateway = await GatewayProcess.start(group, {
      folder: join(folder, "limited"),
      plan,
      address: `${network}.4`,
      env: nowhere,
      wrapper: ["prlimit", "--fsize=400000", "--"],
    });
    const load = new Load(() => `${gateway.http}/acme/orders/texts`, 4, "x".repeat(60_000));
    await eventually("a write fails", () => load.sent.some(({ status }) => status === 503));
    const before = load.safe.length;
    await eventually("others succeed", () => load.safe.length > before);
    await load.stop();
    assert.equal(gateway.program.ended(), false, gateway.log);
    assert.equal(await gateway.metric("algorun_gateway_log_messages"), load.safe.length);
  });
});
