import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import { eventually } from "../software/process-group";
import { HookUnderTest } from "./hook-under-test";
import { metricsOf, podLog, type PodProcess } from "./pod-process";
import { shout } from "./shout-pipeline";
import { SpanReceiver } from "./span-receiver";
import { writeMessages, type SeenMessage } from "./topic-reader";
import { WebhookReceiver, type TakenMessage } from "./webhook-receiver";

const former = `whsec_${Buffer.from("a former secret of many letters..").toString("base64")}`;
const newer = `whsec_${Buffer.from("a newer secret of many letters...").toString("base64")}`;

/** Which of the receivers' secrets a message is signed by, for the library of the standard. */
function signersOf({ value, headers }: TakenMessage): readonly string[] {
  return Object.entries({ former, newer }).flatMap(([name, secret]) => {
    const signed = Object.fromEntries(
      Object.entries(headers).map(([header, text]) => [header, String(text)]),
    );
    try {
      new Webhook(secret).verify(value, signed, { jsonParse: false });
      return [name];
    } catch {
      return [];
    }
  });
}

function reasonOf(letter: SeenMessage | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((letter?.headers.others ?? []).map(([name, value]) => [name, value.toString()]));
}

describe("a hook, with the planned configuration and rights", function () {
  this.timeout(90_000);
  const crm = new WebhookReceiver();
  const audit = new WebhookReceiver();
  const spans = new SpanReceiver();
  let hook: HookUnderTest;
  let pod: PodProcess;
  let environment: Readonly<Record<string, string>>;

  before(async function () {
    this.timeout(600_000);
    const [crmPort, auditPort] = [await crm.listen(), await audit.listen()];
    environment = {
      HOOK_GIVE_UP_SECONDS: "6",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await spans.listen()}`,
      OTEL_BSP_SCHEDULE_DELAY: "200",
    };
    hook = await HookUnderTest.start("127.0.53", {
      crm: `http://127.0.0.1:${crmPort}`,
      audit: `http://127.0.0.1:${auditPort}`,
    });
    pod = await hook.startPod("hook-a", environment);
  });

  afterEach(() => {
    crm.badAnswer = audit.badAnswer = () => false;
    crm.delayMs = 0;
  });

  after(async () => {
    await crm.close();
    await audit.close();
    await spans.close();
    await hook.close();
  });

  const taken = async (receiver: WebhookReceiver, value: string): Promise<TakenMessage> => {
    await hook.taken(receiver, [value]);
    const found = receiver.taken.find((message) => message.value === value);
    assert.ok(found);
    return found;
  };

  const deadLetter = async (value: string): Promise<SeenMessage | undefined> => {
    await eventually("a dead letter", () => hook.deadLetters.counts.has(value), {
      program: pod.program,
      seconds: 40,
    });
    return hook.deadLetters.messages.find((letter) => letter.value === value);
  };

  it("sends what the document and its Secrets say", async () => {
    await hook.send(["first"]);
    const { method, headers, id } = await taken(crm, "first");
    assert.equal(method, "PUT");
    assert.equal(headers["x-own"], "stated");
    assert.equal(headers["authorization"], "Bearer one");
    assert.equal(headers["content-type"], "text/plain");
    assert.equal(id, "msg_id-first");
    assert.equal((await taken(audit, "first")).headers["webhook-signature"], undefined);
  });

  it("takes a changed Secret without a restart", async () => {
    hook.changeSecret("bearer", "Bearer two");
    await hook.send(["second"]);
    assert.equal((await taken(crm, "second")).headers["authorization"], "Bearer two");
  });

  it("signs by both secrets while one is rotated, so that no receiver refuses a message", async () => {
    // As the stack writes them: before a rotation, during it, and when the former one is retired.
    const generations = { before: former, during: `${newer}\n${former}`, after: newer };
    const signers: Record<string, readonly string[]> = {};
    for (const [when, lines] of Object.entries(generations)) {
      hook.changeSecret("signing", lines);
      await hook.send([when]);
      signers[when] = signersOf(await taken(crm, when));
    }
    assert.deepEqual(signers, { before: ["former"], during: ["former", "newer"], after: ["newer"] });
  });

  it("sends nothing unsigned: without a secret messages wait, then they lie with the dead letters", async () => {
    hook.changeSecret("signing", "");
    await hook.send(["waiting"]);
    await eventually("it is told of", () => podLog(pod).includes("a secret can't be read"));
    hook.changeSecret("signing", newer);
    assert.deepEqual(signersOf(await taken(crm, "waiting")), ["newer"]);
    hook.changeSecret("signing", "not-a-secret!");
    await hook.send(["unsigned"]);
    const { errorClass, errorMessage = "" } = reasonOf(await deadLetter("unsigned"));
    hook.changeSecret("signing", newer);
    assert.equal(errorClass, "Secret");
    assert.match(errorMessage, /expected whsec_ and base64/);
    assert.ok(!crm.ids.has("unsigned"));
    assert.match(await metricsOf(pod), /circuit_open\{[^}]*crm[^}]*\} 0/);
  });

  it("gives up what a receiver refuses for long, with the reason; others pass it meanwhile", async () => {
    audit.badAnswer = (request, response) => {
      if (request.headers["webhook-id"] !== "msg_id-bad") return false;
      response.writeHead(400).end("no, thank you");
      return true;
    };
    await hook.send(["bad", "good"]);
    await taken(audit, "good");
    assert.equal(hook.deadLetters.counts.has("bad"), false);
    const letter = await deadLetter("bad");
    const { errorAttempts, originalOffset, originalPartition, ...reason } = reasonOf(letter);
    assert.deepEqual(reason, {
      errorClass: "Status",
      errorMessage: "status 400",
      errorComponent: "hook",
      errorStatus: "400",
      errorWebhook: "audit",
      originalTopic: shout.output,
    });
    assert.ok(Number(errorAttempts) > 2 && Number(originalOffset) >= 0 && Number(originalPartition) >= 0);
    assert.equal(letter?.headers.messageID, "id-bad");
    assert.equal(letter.key, "bad");
    assert.equal(crm.ids.get("bad")?.length, 1, "who took it is not asked again");
  });

  it("keeps the order of a key, though one message needs several attempts", async () => {
    let refusals = 3;
    crm.badAnswer = (_request, response) => {
      if (--refusals < 0) return false;
      response.writeHead(404).end();
      return true;
    };
    const values = Array.from({ length: 10 }, (_, index) => `ordered-${index}`);
    const messages = values.map((value) => ({ key: "same", value }));
    await writeMessages(hook.broker.administrator, shout.output, messages);
    await hook.taken(crm, values);
    const order = crm.taken.filter(({ value }) => value.startsWith("ordered-")).map(({ value }) => value);
    assert.deepEqual(order, values);
  });

  it("passes the trace on, and exports a span for each request", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const parent = "b7ad6b7169203331";
    await hook.send(["traced"], { traceparent: `00-${traceId}-${parent}-01`, traceID: "of the caller" });
    const { headers } = await taken(crm, "traced");
    const ofTrace = () =>
      spans.spans.filter((span) => span.traceId === traceId && span.name === "crm deliver");
    await eventually("a span", () => ofTrace().length > 0, { seconds: 20 });
    const [span] = ofTrace();
    assert.ok(span);
    assert.equal(headers["traceparent"], `00-${traceId}-${span.spanId}-01`);
    assert.equal(headers["x-algorun-trace-id"], "of%20the%20caller");
    assert.equal(span.parentSpanId, parent);
    assert.equal(span.attributes["http.response.status_code"], 204);
    assert.equal(span.attributes["service.name"], "hook");
    const failed = spans.spans.find(({ attributes }) => attributes["http.response.status_code"] === 400);
    assert.equal(failed?.isError, true);
  });

  it("counts what is delivered, what fails, and what is given up", async () => {
    const metrics = await metricsOf(pod);
    const numberOf = (pattern: RegExp): number => Number(pattern.exec(metrics)?.[1]);
    assert.ok(numberOf(/hook_deliveries_total\{[^}]*webhook="crm",status="delivered"[^}]*\} (\d+)/) >= 9);
    assert.equal(numberOf(/hook_deliveries_total\{[^}]*webhook="audit",status="given up"[^}]*\} (\d+)/), 1);
    assert.ok(numberOf(/hook_failed_attempts_total\{[^}]*webhook="audit"[^}]*\} (\d+)/) > 2);
    assert.ok(numberOf(/hook_attempt_duration_seconds_count\{[^}]*webhook="crm"[^}]*\} (\d+)/) >= 9);
  });

  it("ends what it has begun when it is stopped, and nothing of that is sent again", async () => {
    crm.delayMs = 1_000;
    const values = Array.from({ length: 60 }, (_, index) => `drained-${index}`);
    const before = crm.arrivals.length;
    await hook.send(values);
    await eventually("requests are on their way", () => crm.arrivals.length >= before + 16);
    await pod.program.stop("SIGTERM");
    assert.match(podLog(pod), /"msg":"drained"/);
    assert.equal(crm.arrivals.length, before + 16, "nothing new was begun");
    assert.equal(crm.taken.filter(({ value }) => value.startsWith("drained-")).length, 16);
    crm.delayMs = 0;
    pod = await hook.startPod("hook-a", environment);
    await hook.taken(crm, values);
    assert.deepEqual(
      values.filter((value) => crm.ids.get(value)?.length !== 1),
      [],
    );
  });

  it("sends nothing more to who is gone (410), and loses nothing", async () => {
    crm.badAnswer = (_request, response) => {
      response.writeHead(410).end();
      return true;
    };
    await hook.send(["gone-1"]);
    assert.equal(reasonOf(await deadLetter("gone-1"))["errorClass"], "Gone");
    const asked = crm.arrivals.length;
    await hook.send(["gone-2"]);
    assert.equal(reasonOf(await deadLetter("gone-2"))["errorWebhook"], "crm");
    assert.equal(crm.arrivals.length, asked);
    await hook.taken(audit, ["gone-1", "gone-2"]);
    assert.match(podLog(pod), /410/);
  });

  it("never logs a secret, and is not warned of its own work", () => {
    assert.doesNotMatch(podLog(pod), /Bearer|whsec_[A-Za-z0-9]|MaxListeners/);
  });
});
