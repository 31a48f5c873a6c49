import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shortOrLong } from "../../harness/fault-records";
import { eventually, ProcessGroup } from "../../software/process-group";
import { TestKafka, type ConsumedMessage } from "../test-kafka";
import { endpointUnderTest, topicOf } from "./gateway-documents";
import { GatewayProcess, type GatewayStart } from "./gateway-process";
import { Load } from "./load";
import { expectNoneLost } from "./message-account";
import { smallDisk } from "../../software/small-disk";

const network = "127.0.32";
const topic = topicOf("texts");

describe("A gateway whose Kafka comes and goes", function () {
  this.timeout(shortOrLong(600_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-faults-"));
  let kafka: TestKafka;
  let login: Readonly<Record<string, string>>;
  let gateway: GatewayProcess;
  const loads: Load[] = [];

  before(async () => {
    kafka = await TestKafka.start(group, join(folder, "kafka"), network);
    const plan = endpointUnderTest();
    await kafka.createTopics(
      plan.paths.map((path) => path.topic),
      2,
    );
    login = await kafka.createUser(plan.identity);
  });

  afterEach(async () => {
    await gateway.program.stop("SIGKILL");
    // Also that of a test that failed: it would go to the gateway of the next.
    await Promise.all(loads.splice(0).map((load) => load.stop()));
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  function loadOf(...load: ConstructorParameters<typeof Load>): Load {
    const started = new Load(...load);
    loads.push(started);
    return started;
  }

  /** Starts a gateway, or the successor of one that has the same name. */
  async function start(name: string, options: Partial<GatewayStart> & { log?: string } = {}): Promise<void> {
    const { log = "", ...others } = options;
    gateway = await GatewayProcess.start(group, {
      folder: join(folder, name),
      plan: endpointUnderTest(log === "" ? "" : `producer: { wal: { ${log} } }`),
      address: `${network}.2`,
      env: { ...login, AWS_REGION: "us-east-1" },
      ...others,
    });
  }

  const url = (): string => `${gateway.http}/acme/orders/texts`;

  /** Waits until so many more messages are safe. */
  async function taken(load: Load, count: number): Promise<void> {
    const before = load.safe.length;
    await eventually("load goes on", () => load.safe.length >= before + count, { seconds: 180 });
  }

  async function replayed(): Promise<void> {
    const isEmpty = async (): Promise<boolean> =>
      (await gateway.metric("algorun_gateway_log_messages")) === 0;
    await eventually("the log is sent", isEmpty, { program: gateway.program, seconds: 180 });
  }

  async function knowsThatKafkaIsAway(): Promise<void> {
    const isDown = async (): Promise<boolean> => (await gateway.metric("algorun_gateway_kafka_up")) === 0;
    await eventually("the gateway knows", isDown, { seconds: 180 });
  }

  async function arrived(name: string): Promise<readonly ConsumedMessage[]> {
    return (await kafka.messagesIn(topic)).filter(({ value }) => value.startsWith(name));
  }

  it("loses nothing and doubles nothing when the broker stops and starts during load", async () => {
    await start("stop");
    const tries = shortOrLong(1, 10);
    const safe: string[] = [];
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const load = loadOf(url, { name: `stop-${attempt}-` });
      await taken(load, 50);
      await kafka.stopBroker(attempt % 2 === 0 ? "SIGTERM" : "SIGKILL");
      await taken(load, 50);
      assert.equal(await gateway.readiness(), 200);
      assert.ok((await gateway.metric("algorun_gateway_log_messages")) > 0);
      await kafka.startBroker();
      await taken(load, 50);
      await load.stop();
      await replayed();
      const refused = load.sent.filter(({ status }) => status !== 202);
      assert.deepEqual(refused, []);
      safe.push(...load.safe);
    }
    const fault = { fault: "gateway: broker stopped and started under load", tries };
    const { doubled } = await expectNoneLost(fault, safe, await arrived("stop"));
    assert.equal(doubled, 0);
  });

  it("doubles nothing after a clean stop while Kafka is away", async () => {
    await start("clean");
    await kafka.stopBroker();
    await knowsThatKafkaIsAway();
    const load = loadOf(url, { name: "clean" });
    await taken(load, 50);
    await load.stop();
    await gateway.program.stop("SIGTERM");
    assert.match(gateway.log, /"msg":"drained"/);
    await Promise.all([kafka.startBroker(), start("clean")]);
    await replayed();
    const fault = { fault: "gateway: stopped by SIGTERM while Kafka is away", tries: 1 };
    const { doubled } = await expectNoneLost(fault, load.safe, await arrived("clean"));
    assert.equal(doubled, 0);
  });

  for (const mode of ["fallback", "always"]) {
    it(`loses nothing when it is killed under load, with the log's mode ${mode}`, async () => {
      const tries = shortOrLong(3, 50);
      const log = `mode: ${mode}`;
      await start(mode, { log });
      const load = loadOf(url, { name: mode });
      let isAway = false;
      for (let kill = 0; kill < tries; kill += 1) {
        await taken(load, 30);
        // With fallback the log is used while Kafka is away, and sent when it is back: kills hit both.
        if (mode === "fallback" && kill % 5 === 1) await kafka.stopBroker();
        if (mode === "fallback" && kill % 5 === 1) isAway = true;
        if (isAway && kill % 5 === 2) {
          await kafka.startBroker();
          isAway = false;
        }
        await taken(load, 30);
        await gateway.program.stop("SIGKILL");
        await start(mode, { log });
      }
      if (isAway) await kafka.startBroker();
      await taken(load, 30);
      await load.stop();
      await replayed();
      const fault = { fault: `gateway: killed by SIGKILL under load, log ${mode}`, tries };
      await expectNoneLost(fault, load.safe, await arrived(mode));
    });
  }

  it("takes messages of other topics as ever when one topic is gone, and sends its own once it is back", async () => {
    await start("gone");
    const gone = topicOf("anything");
    await kafka.deleteTopic(gone);
    const waiting = loadOf(() => `${gateway.http}/acme/orders/anything`, { name: "waiting-", senders: 1 });
    await taken(waiting, 20);
    const load = loadOf(url, { name: "others-" });
    await taken(load, 200);
    await load.stop();
    await waiting.stop();
    for (const { sent } of [load, waiting])
      assert.deepEqual(new Set(sent.map(({ status }) => status)), new Set([202]));
    assert.equal(await gateway.metric("algorun_gateway_kafka_up"), 1);
    // All that is in the log is of the topic that is gone.
    assert.equal(await gateway.metric("algorun_gateway_log_messages"), waiting.safe.length);
    await kafka.createTopics([gone], 2);
    await replayed();
    const sent = [...load.safe, ...waiting.safe];
    const messages = await kafka.messagesIn(topic, gone);
    const theirs = messages.filter(({ value }) => /^(others|waiting)-/.test(value));
    const fault = { fault: "gateway: a topic is deleted and made again", tries: 1 };
    const { doubled } = await expectNoneLost(fault, sent, theirs);
    assert.equal(doubled, 0);
  });

  it("answers 503 when the log's disk is full, loses nothing, and goes on once Kafka is back", async () => {
    const home = join(folder, "full");
    const disk = await smallDisk(group, join(home, "var/lib/algorun/wal"), 4);
    await start("full", { log: "size: 64Mi", wrapper: disk.wrapper });
    await kafka.stopBroker();
    await knowsThatKafkaIsAway();
    const load = loadOf(url, { name: "full", padding: "x".repeat(60_000) });
    const isRefused = (): boolean => load.sent.some(({ status }) => status === 503);
    await eventually("a write fails", isRefused, { program: gateway.program, seconds: 180 });
    if (disk.isReal) assert.equal(await gateway.readiness(), 503);
    else await taken(load, 1);
    await load.stop();
    assert.match(gateway.log, disk.isReal ? /ENOSPC/ : /EFBIG/);
    assert.equal(await gateway.metric("algorun_gateway_log_messages"), load.safe.length);
    await gateway.program.stop("SIGKILL");
    await start("full", { log: "size: 64Mi", wrapper: disk.wrapper });
    assert.equal(await gateway.metric("algorun_gateway_log_messages"), load.safe.length);
    await kafka.startBroker();
    await replayed();
    assert.equal(await gateway.readiness(), 200);
    // There is room in the log again: it takes what comes while Kafka is away once more.
    await kafka.stopBroker();
    await knowsThatKafkaIsAway();
    const after = loadOf(url, { name: "full-again", padding: "x".repeat(60_000) });
    await taken(after, 20);
    await after.stop();
    await kafka.startBroker();
    await replayed();
    const fault = { fault: "gateway: the log's disk is full", tries: 1, note: disk.kind };
    await expectNoneLost(fault, [...load.safe, ...after.safe], await arrived("full"));
  });
});
