import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EventHookPlan, PipelinePlan } from "../../pipelines/model/plan/plan";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { hookOf, isPodReady, metricsOf, podLog, startHookPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo, type AlgoAnswer, type AlgoRequest } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

const deadLetterTopic = "algorun.acme.shout.hook.0.dead-letters";

/** The hook with receivers on this machine, where no document may lead. */
function withReceivers(plan: EventHookPlan, replace: (text: string) => string): EventHookPlan {
  const config: unknown = JSON.parse(replace(JSON.stringify(plan.config)));
  return Object.assign({}, plan, { config });
}

describe("a hook, with the planned configuration and rights", function () {
  this.timeout(90_000);
  const group = new ProcessGroup();
  let broker: PipelineBroker;
  let plan: PipelinePlan;
  let hook: EventHookPlan;
  let pod: PodProcess;
  let deadLetters: TopicReader;
  let answerOfCrm: (request: AlgoRequest) => AlgoAnswer = () => ({ status: 204 });
  const crm = new TestAlgo((request) => answerOfCrm(request));
  const audit = new TestAlgo(({ body }) => (body.startsWith("bad") ? { status: 400 } : { status: 200 }));
  const secret = Buffer.from("a secret of thirty-two characters").toString("base64");
  let crmPort: number;
  let secretFile: string;

  before(async function () {
    this.timeout(300_000);
    crmPort = await crm.listen();
    const auditPort = await audit.listen();
    plan = shoutPlan({
      input: "inputDeliveryType: Http, contentTypes: []",
      webHooks: `{ name: crm, pipelineHookInputName: upper, webHookUrl: "https://crm.acme.example/in", signature: {}, httpVerb: PUT, httpHeaders: "X-Own: stated", secretHeaders: { Authorization: { secretName: crm, key: bearer } } }, { name: audit, pipelineHookInputName: upper, webHookUrl: "https://audit.acme.example/" }`,
    });
    broker = await PipelineBroker.start(group, "127.0.33");
    await broker.deploy(plan);
    secretFile = join(broker.folder, "bearer");
    writeFileSync(secretFile, "Bearer one\n");
    const signing = join(broker.folder, "signing");
    writeFileSync(signing, `whsec_${secret}`);
    hook = withReceivers(hookOf(plan), (text) =>
      text
        .replaceAll("https://crm.acme.example", `http://127.0.0.1:${crmPort}`)
        .replaceAll("https://audit.acme.example", `http://127.0.0.1:${auditPort}`)
        .replaceAll("/etc/algorun/secrets/crm/bearer", secretFile)
        .replaceAll("/etc/algorun/signing/crm", signing),
    );
    deadLetters = await new TopicReader(broker.administrator, deadLetterTopic).start();
    pod = await start("hook-a");
  });

  after(async () => {
    await deadLetters.close();
    await crm.close();
    await audit.close();
    await group.stopAll();
    broker.remove();
  });

  const start = async (instance: string): Promise<PodProcess> => {
    const environment = { HOOK_GIVE_UP_SECONDS: "8" };
    const started = await startHookPod(group, hook, { broker, instance, environment });
    await eventually("a ready hook", () => isPodReady(started), { program: started.program });
    return started;
  };

  const send = async (...values: readonly string[]): Promise<void> => {
    const messages = values.map((value) => ({
      key: value,
      value,
      headers: { messageID: `id-${value}`, contentType: "text/plain" },
    }));
    await writeMessages(broker.administrator, shout.output, messages);
  };

  const got = (receiver: TestAlgo, value: string): AlgoRequest[] =>
    receiver.requests.filter(({ body }) => body === value);

  const arrives = async (receiver: TestAlgo, value: string): Promise<AlgoRequest> => {
    await eventually(`${value} arrives`, () => got(receiver, value).length > 0, {
      program: pod.program,
      seconds: 30,
    });
    const [request] = got(receiver, value);
    assert.ok(request);
    return request;
  };

  it("signs as Standard Webhooks says, and sends what the document and its Secrets say", async () => {
    await send("first");
    const { headers, method, body } = await arrives(crm, "first");
    assert.equal(method, "PUT");
    assert.equal(headers["x-own"], "stated");
    assert.equal(headers["authorization"], "Bearer one");
    assert.equal(headers["content-type"], "text/plain");
    assert.equal(headers["webhook-id"], "msg_id-first");
    const signed = `${headers["webhook-id"]?.toString()}.${headers["webhook-timestamp"]?.toString()}.${body}`;
    const expected = createHmac("sha256", Buffer.from(secret, "base64")).update(signed).digest("base64");
    assert.equal(headers["webhook-signature"], `v1,${expected}`);
    assert.equal((await arrives(audit, "first")).headers["webhook-signature"], undefined);
  });

  it("takes a changed Secret without a restart", async () => {
    writeFileSync(secretFile, "Bearer two");
    await send("second");
    assert.equal((await arrives(crm, "second")).headers["authorization"], "Bearer two");
  });

  it("waits for a receiver that is down, without holding the others: all arrive when it is up again", async () => {
    await crm.close();
    const values = Array.from({ length: 60 }, (_, index) => `down-${index}`);
    await send(...values);
    await eventually("the other has all", () => values.every((value) => got(audit, value).length > 0), {
      seconds: 20,
    });
    await eventually("the circuit is open", async () =>
      /circuit_open\{[^}]*crm[^}]*\} 1/.test(await metricsOf(pod)),
    );
    await crm.listen(crmPort);
    await eventually("all arrive", () => values.every((value) => got(crm, value).length > 0), {
      seconds: 20,
    });
    const times = values.map((value) => got(crm, value).length);
    console.log(
      `      ${JSON.stringify({ sent: values.length, delivered: times.filter((count) => count > 0).length, doubled: times.filter((count) => count > 1).length, lost: times.filter((count) => count === 0).length })}`,
    );
    assert.deepEqual(deadLetters.messages, []);
  });

  it("gives up what a receiver refuses for long, with the reason; others pass it meanwhile", async () => {
    await send("bad one", "good one");
    await arrives(audit, "good one");
    await eventually("a dead letter", () => deadLetters.counts.has("bad one"), {
      program: pod.program,
      seconds: 40,
    });
    const [letter] = deadLetters.messages;
    const others = Object.fromEntries(
      (letter?.headers.others ?? []).map(([name, value]) => [name, value.toString()]),
    );
    assert.equal(others["errorWebhook"], "audit");
    assert.equal(others["errorStatus"], "400");
    assert.equal(others["originalTopic"], shout.output);
    assert.equal(letter?.headers.messageID, "id-bad one");
    assert.equal(got(crm, "bad one").length, 1, "who took it is not asked again");
    assert.ok(got(audit, "bad one").length > 2);
  });

  it("goes on after a kill where it stopped: nothing is lost", async () => {
    const values = Array.from({ length: 200 }, (_, index) => `killed-${index}`);
    await send(...values);
    await eventually(
      "some arrive",
      () => crm.requests.filter(({ body }) => body.startsWith("killed")).length > 20,
    );
    await pod.program.stop("SIGKILL");
    pod = await start("hook-a");
    await eventually("all arrive", () => values.every((value) => got(crm, value).length > 0), {
      seconds: 40,
    });
    const ids = new Set(
      crm.requests
        .filter(({ body }) => body.startsWith("killed"))
        .map(({ headers }) => headers["webhook-id"]),
    );
    assert.equal(ids.size, values.length, "what came twice has the same id");
  });

  it("sends nothing more to who is gone (410), and loses nothing", async () => {
    answerOfCrm = () => ({ status: 410 });
    await send("gone-1");
    await eventually("a dead letter", () => deadLetters.counts.has("gone-1"), {
      program: pod.program,
      seconds: 20,
    });
    await send("gone-2");
    await eventually("another", () => deadLetters.counts.has("gone-2"), {
      program: pod.program,
      seconds: 20,
    });
    assert.equal(got(crm, "gone-2").length, 0);
    assert.match(podLog(pod), /410/);
    assert.doesNotMatch(podLog(pod), /Bearer/);
  });
});
