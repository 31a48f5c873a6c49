import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { recordFault, shortOrLong } from "../harness/fault-records";
import type { CertificateFiles } from "../software/kafka-nodes";
import { eventually } from "../software/process-group";
import { selfSigned } from "../software/self-signed";
import { HookUnderTest } from "./hook-under-test";
import { metricsOf } from "./pod-process";
import { WebhookReceiver, type BadAnswer } from "./webhook-receiver";

/** What receivers do that are unwell. Each is done to some requests in a row: the circuit opens, and closes again. */
const badAnswers: Readonly<Record<string, BadAnswer>> = {
  "answers too late": (_request, response) => {
    setTimeout(() => response.writeHead(204).end(), 4_000).unref();
    return true;
  },
  "answers with 500": (_request, response) => {
    response.writeHead(500).end();
    return true;
  },
  "answers with 503 and retry-after": (_request, response) => {
    response.writeHead(503, { "retry-after": "2" }).end();
    return true;
  },
  "answers with 429 and retry-after": (_request, response) => {
    response.writeHead(429, { "retry-after": "2" }).end();
    return true;
  },
  "resets connections while a request is sent": (request) => {
    request.socket.resetAndDestroy();
    return true;
  },
  "resets connections in its answer": (request, response) => {
    response.socket?.write("HTTP/1.1 200 O", () => request.socket.resetAndDestroy());
    return true;
  },
  "answers with garbage": (request, response) => {
    response.socket?.end("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    request.resume();
    return true;
  },
};

/** Requests to one receiver at once. */
const parallel = 16;

describe("a hook, whose receivers and whose broker fail", function () {
  this.timeout(120_000);
  const crm = new WebhookReceiver();
  const audit = new WebhookReceiver();
  let hook: HookUnderTest;
  let environment: Readonly<Record<string, string>>;
  let trusted: CertificateFiles;

  before(async function () {
    this.timeout(600_000);
    trusted = await selfSigned(["127.0.0.1"]);
    const [crmPort, auditPort] = [await crm.listen(), await audit.listen(trusted)];
    hook = await HookUnderTest.start("127.0.54", {
      crm: `http://127.0.0.1:${crmPort}`,
      audit: `https://127.0.0.1:${auditPort}`,
    });
    const authorities = join(hook.broker.folder, "authorities.pem");
    writeFileSync(authorities, trusted["ca.crt"]);
    environment = { HOOK_ANSWER_SECONDS: "3", NODE_EXTRA_CA_CERTS: authorities };
  });

  const loads: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    // Also those of a test that failed: what they send, and what it has closed, would be in the way of the next.
    await Promise.all(loads.splice(0).map((stop) => stop()));
    await hook.stopPods();
    crm.badAnswer = () => false;
    for (const receiver of [crm, audit]) await receiver.close();
    await crm.listen();
    await audit.listen(trusted);
  });

  after(async () => {
    await crm.close();
    await audit.close();
    await hook.close();
  });

  /** Sends messages at a pace, in tens, until it is stopped. @returns stops it, and gives all that was sent */
  const load = (name: string, perSecond = 100): (() => Promise<readonly string[]>) => {
    const sent: string[] = [];
    const stop = new AbortController();
    const loop = (async () => {
      while (!stop.signal.aborted) {
        const values = Array.from({ length: 10 }, (_, index) => `${name}-${sent.length + index}`);
        // What is not acknowledged may be there all the same: it is sent again, under the same name.
        const isSent = await hook.send(values).then(
          () => true,
          () => false,
        );
        if (isSent) sent.push(...values);
        await sleep(10_000 / perSecond);
      }
    })();
    const end = async (): Promise<readonly string[]> => {
      stop.abort();
      await loop;
      return sent;
    };
    loads.push(end);
    return end;
  };

  /** What came of messages for both receivers, of whom each tells by the id what it has already. */
  const nothingLost = async (
    values: readonly string[],
    { fault, tries, seconds = 60 }: { fault: string; tries: number; seconds?: number },
  ): Promise<void> => {
    const receivers = [crm, audit];
    for (const receiver of receivers) await hook.taken(receiver, values, seconds).catch(() => undefined);
    const taken = receivers.flatMap(({ ids }) => values.map((value) => ids.get(value) ?? []));
    const lost = taken.filter(({ length }) => length === 0).length;
    const doubled = taken.filter((ids) => new Set(ids).size > 1).length;
    const again = taken.reduce((sum, { length }) => sum + Math.max(length - 1, 0), 0);
    const delivered = taken.length - lost;
    const note = `two receivers; ${again} requests were repetitions, known by webhook-id`;
    await recordFault({ fault, tries, sent: taken.length, delivered, doubled, lost, note });
    assert.ok(values.length > 0, "there was load");
    assert.deepEqual({ doubled, lost }, { doubled: 0, lost: 0 });
    assert.deepEqual(hook.deadLetters.messages, []);
  };

  const isCircuitOpen = async (webhook: string): Promise<boolean> => {
    const [pod] = hook.pods;
    assert.ok(pod);
    return new RegExp(`circuit_open\\{[^}]*${webhook}[^}]*\\} 1`).test(await metricsOf(pod));
  };

  it("is killed: nothing is lost, and what is sent again has the same id", async function () {
    const kills = shortOrLong(3, 50);
    this.timeout(kills * 30_000);
    const stop = load("killed");
    for (let kill = 0; kill < kills; kill += 1) {
      const seen = crm.taken.length;
      const pod = await hook.startPod("hook-killed", environment);
      await eventually("it works", () => crm.taken.length > seen + 20, { program: pod.program });
      // Anywhere between two commits.
      await sleep((kill * 37) % 120);
      await pod.program.stop("SIGKILL");
    }
    const values = await stop();
    await hook.startPod("hook-killed", environment);
    await nothingLost(values, { fault: "hook killed with SIGKILL", tries: kills });
  });

  it("waits for a receiver that is down, while the other gets its messages at its own pace", async function () {
    const seconds = shortOrLong(4, 300);
    this.timeout((seconds + 120) * 1000);
    await hook.startPod("hook-0", environment);
    await crm.close();
    // Some 300 of each partition, and few more: behind 500 that wait, the other would have to wait, too.
    const many = Array.from({ length: 1_800 }, (_, index) => `many-${index}`);
    await hook.send(many);
    const stop = load("down", 1);
    await eventually("the circuit is open", () => isCircuitOpen("crm"));
    await sleep(seconds * 1000);
    const values = [...many, ...(await stop())];
    await hook.taken(audit, values);
    await crm.listen();
    await nothingLost(values, { fault: `webhook's receiver down for ${seconds} s`, tries: 1 });
    assert.equal(await isCircuitOpen("crm"), false);
  });

  for (const [what, answer] of Object.entries(badAnswers)) {
    it(`outlasts a receiver that ${what}`, async function () {
      const count = shortOrLong(6, 30);
      this.timeout(count * 15_000);
      await hook.startPod("hook-0", environment);
      let left = count;
      const bad: number[] = [];
      crm.badAnswer = (request, response) => {
        if (left <= 0) return false;
        left -= 1;
        bad.push(performance.now());
        return answer(request, response);
      };
      const values = Array.from({ length: 40 }, (_, index) => `${what}-${index}`);
      await hook.send(values);
      await nothingLost(values, { fault: `webhook's receiver ${what}`, tries: count, seconds: count * 10 });
      assert.ok(left <= 0);
      if (!what.includes("retry-after")) return;
      const [first = 0] = bad;
      const early = crm.arrivals.filter((at) => at > first && at < first + 1_990);
      assert.ok(early.length < parallel, "but for what was on its way, it is left alone as long as it says");
    });
  }

  it("trusts no certificate of an unknown authority, and goes on when the receiver has a good one", async () => {
    const unknown = await selfSigned(["127.0.0.1"]);
    await hook.startPod("hook-0", environment);
    await audit.close();
    const arrived = audit.arrivals.length;
    await audit.listen(unknown);
    const values = Array.from({ length: 20 }, (_, index) => `tls-${index}`);
    await hook.send(values);
    await eventually("the circuit is open", () => isCircuitOpen("audit"));
    assert.equal(audit.arrivals.length, arrived);
    await audit.close();
    await audit.listen(trusted);
    await nothingLost(values, { fault: "webhook's receiver has an unknown certificate", tries: 1 });
  });

  it("becomes four from one, and one again", async function () {
    const rounds = shortOrLong(1, 10);
    this.timeout(rounds * 90_000);
    const stop = load("shared");
    await hook.startPod("hook-0", environment);
    for (let round = 0; round < rounds; round += 1) {
      const more = [];
      for (const instance of ["hook-1", "hook-2", "hook-3"])
        more.push(await hook.startPod(instance, environment));
      const seen = crm.taken.length;
      await eventually("they work", () => crm.taken.length > seen + 20);
      for (const { program } of more) await program.stop("SIGTERM");
    }
    await nothingLost(await stop(), { fault: "hooks: 1, 4, and 1 again", tries: rounds });
  });

  it("outlives the broker", async function () {
    const times = shortOrLong(1, 5);
    this.timeout(times * 120_000);
    const pod = await hook.startPod("hook-0", environment);
    const stop = load("restarted");
    for (let time = 0; time < times; time += 1) {
      const seen = crm.taken.length;
      await eventually("it works", () => crm.taken.length > seen + 20, { program: pod.program });
      await hook.broker.restart();
    }
    await nothingLost(await stop(), { fault: "broker killed under a hook", tries: times });
    assert.ok(!pod.program.ended(), "it goes on by itself");
  });
});
