import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shortOrLong } from "../../harness/fault-records";
import { eventually, ProcessGroup } from "../../software/process-group";
import { TestKafka } from "../test-kafka";
import { endpointUnderTest, topicOf } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { Load } from "./load";
import { expectNoneLost } from "./message-account";

const network = "127.0.36";
const topic = topicOf("texts");
/** Kafka is waited for two seconds; the rest is for the machine. */
const mostSeconds = 10;

describe("A gateway whose broker hangs with its connections open", function () {
  this.timeout(shortOrLong(300_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-hanging-"));
  let kafka: TestKafka;
  let login: Readonly<Record<string, string>>;
  let load: Load | undefined;

  before(async () => {
    kafka = await TestKafka.start(group, join(folder, "kafka"), network);
    const { identity, paths } = endpointUnderTest();
    await kafka.createTopics(
      paths.map((path) => path.topic),
      2,
    );
    login = await kafka.createUser(identity);
  });

  afterEach(async () => {
    kafka.signalBroker("SIGCONT");
    // Also that of a test that failed: it would go on for ever.
    await load?.stop();
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [mode, want] of [
    ["fallback", 202],
    ["disable", 503],
  ] as const) {
    it(`answers ${want} soon with the log's mode ${mode}, and loses nothing that it has acknowledged`, async () => {
      const gateway = await GatewayProcess.start(group, {
        folder: join(folder, mode),
        plan: endpointUnderTest(`producer: { wal: { mode: ${mode} } }`),
        address: `${network}.2`,
        env: { ...login, AWS_REGION: "us-east-1" },
      });
      const messages = new Load(() => `${gateway.http}/acme/orders/texts`, { name: `${mode}-` });
      load = messages;
      const answered = async (count: number, status: number): Promise<void> => {
        const number = (): number => messages.sent.filter((message) => message.status === status).length;
        const before = number();
        const isEnough = (): boolean => number() >= before + count;
        await eventually(`${count} are answered with ${status}`, isEnough, { seconds: 120 });
      };
      const tries = shortOrLong(1, 10);
      for (let attempt = 0; attempt < tries; attempt += 1) {
        await answered(50, 202);
        kafka.signalBroker("SIGSTOP");
        await answered(50, want);
        kafka.signalBroker("SIGCONT");
        await answered(50, 202);
        const isSent = async (): Promise<boolean> =>
          (await gateway.metric("algorun_gateway_kafka_up")) === 1 &&
          (await gateway.metric("algorun_gateway_log_messages")) < 10;
        await eventually("messages go to Kafka again", isSent, { seconds: 120 });
      }
      await messages.stop();
      const isDone = async (): Promise<boolean> =>
        (await gateway.metric("algorun_gateway_kafka_pending_bytes")) === 0 &&
        (await gateway.metric("algorun_gateway_log_messages")) === 0;
      await eventually("all is in Kafka", isDone, { seconds: 120 });
      await gateway.program.stop("SIGKILL");

      const slowest = Math.max(...messages.sent.map(({ seconds }) => seconds));
      assert.ok(slowest < mostSeconds, `somebody waited for ${slowest} s`);
      const statuses = new Set(messages.sent.map(({ status }) => status));
      assert.deepEqual(statuses, new Set([202, want]));
      const arrived = (await kafka.messagesIn(topic)).filter(({ value }) => value.startsWith(mode));
      const note = `the slowest answer took ${slowest.toFixed(1)} s`;
      const fault = { fault: `gateway: a broker hangs, log ${mode}`, tries, note };
      const { doubled } = await expectNoneLost(fault, messages.safe, arrived);
      assert.equal(doubled, 0);
    });
  }
});
