import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shortOrLong } from "../../harness/fault-records";
import { eventually, ProcessGroup } from "../../software/process-group";
import { selfSigned } from "../../software/self-signed";
import { TestKafka } from "../test-kafka";
import { endpointUnderTest, topicOf } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { Load } from "./load";
import { expectNoneLost } from "./message-account";

const network = "127.0.36";
const brokers = 3;

describe("Gateways with three brokers, by TLS, one of which goes away", function () {
  this.timeout(shortOrLong(600_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-brokers-"));
  let kafka: TestKafka;
  let login: Readonly<Record<string, string>>;

  before(async () => {
    const hosts = Array.from({ length: brokers }, (_, index) => `${network}.2${index}`);
    const certificates = await selfSigned([`${network}.10`, ...hosts]);
    kafka = await TestKafka.start(group, join(folder, "kafka"), network, { brokers, certificates });
    const plan = endpointUnderTest();
    await kafka.createTopics(
      plan.paths.map(({ topic }) => topic),
      3,
    );
    login = await kafka.createUser(plan.identity);
  });

  after(async () => {
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(mode: string, address: string): Promise<GatewayProcess> {
    return await GatewayProcess.start(group, {
      folder: join(folder, mode),
      plan: endpointUnderTest(`producer: { wal: { mode: ${mode} } }`),
      address,
      env: { ...login, AWS_REGION: "us-east-1" },
    });
  }

  it("lose nothing and double nothing, whatever their logs are for", async () => {
    const tries = shortOrLong(1, 9);
    const modes = ["always", "fallback", "disable"] as const;
    const paths = { always: "texts", fallback: "anything", disable: "texts" };
    const gateways = await Promise.all(modes.map((mode, index) => start(mode, `${network}.${index + 2}`)));
    const loads = gateways.map((gateway, index) => {
      const mode = modes[index] ?? "always";
      return new Load(() => `${gateway.http}/acme/orders/${paths[mode]}`, { name: mode, senders: 3 });
    });
    /** Waits until every gateway has made more messages safe, since the others go on. */
    const taken = async (count: number): Promise<void> => {
      const before = loads.map(({ safe }) => safe.length);
      const goOn = (): boolean =>
        loads.every(({ safe }, index) => safe.length >= (before[index] ?? 0) + count);
      await eventually("every load goes on", goOn, { seconds: 240 });
    };
    await taken(30);
    for (let attempt = 0; attempt < tries; attempt += 1) {
      await kafka.stopBroker("SIGKILL", attempt % brokers);
      await taken(30);
      await kafka.startBroker(attempt % brokers);
      await taken(30);
    }
    await Promise.all(loads.map((load) => load.stop()));
    for (const [index, gateway] of gateways.entries()) {
      const isSent = async (): Promise<boolean> =>
        (await gateway.metric("algorun_gateway_log_messages")) === 0;
      await eventually("the log is sent", isSent, { program: gateway.program, seconds: 180 });
      const mode = modes[index] ?? "always";
      const load = loads[index];
      assert.ok(load);
      const all = await kafka.messagesIn(topicOf(paths[mode]));
      const arrived = all.filter(({ value }) => value.startsWith(mode));
      const refused = load.sent.filter(({ status }) => status !== 202).length;
      const fault = {
        fault: `gateway: one of three brokers killed under load, log ${mode}`,
        tries,
        note: `${refused} refused`,
      };
      const { doubled } = await expectNoneLost(fault, load.safe, arrived);
      assert.equal(doubled, 0);
      if (mode !== "disable") assert.equal(refused, 0);
      await gateway.program.stop("SIGTERM");
      assert.match(gateway.log, /"msg":"drained"/);
    }
  });
});
