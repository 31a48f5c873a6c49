import assert from "node:assert/strict";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { algoOf, isPodReady, metricsOf, podLog, startRunnerPod, type PodProcess } from "./pod-process";
import { lines, shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

describe("a runner beside an algo's server, with the planned configuration and rights", function () {
  this.timeout(90_000);
  const group = new ProcessGroup();
  let broker: PipelineBroker;
  let plan: PipelinePlan;
  let pod: PodProcess;
  let outputs: TopicReader;
  let deadLetters: TopicReader;
  const failing = new Map<string, number>();
  const algo = new TestAlgo(({ body }) => {
    if (body.startsWith("hang")) return "hang";
    if (body.startsWith("cut")) return "cut";
    if (body.startsWith("bad")) return { status: 500, body: "no idea" };
    const left = failing.get(body) ?? 0;
    if (left > 0) {
      failing.set(body, left - 1);
      return { status: 503, body: "not now" };
    }
    return { body: body.toUpperCase() };
  });

  before(async function () {
    this.timeout(300_000);
    const port = await algo.listen();
    plan = shoutPlan({
      algo: lines(
        "timeoutSeconds: 2",
        "retryEnabled: true",
        "retryStrategy: { strategy: RetryTopics, steps: [{ index: 1, backoffDuration: 1s, repeat: 2 }, { index: 2, backoffDuration: 2s }] }",
      ),
      parameters: "[{ name: locale, value: en }, { name: quiet }]",
      input: `inputDeliveryType: Http, contentTypes: [text/plain], http: { verb: PUT, port: ${port}, path: "/run?x=1", headers: { x-own: stated } }`,
    });
    broker = await PipelineBroker.start(group, "127.0.51");
    await broker.deploy(plan);
    outputs = await new TopicReader(broker.administrator, shout.output).start();
    deadLetters = await new TopicReader(broker.administrator, `${shout.input}.dlq`).start();
    pod = await startRunnerPod(group, algoOf(plan, shout.algo), { broker, instance: "upper-a" });
    await eventually("a ready runner", () => isPodReady(pod), { program: pod.program });
  });

  after(async () => {
    await outputs.close();
    await deadLetters.close();
    await algo.close();
    await group.stopAll();
    broker.remove();
  });

  const sees = async (reader: TopicReader, value: string): Promise<TopicReader["messages"][number]> => {
    await eventually(`the message ${value}`, () => reader.counts.has(value), {
      program: pod.program,
      seconds: 30,
    });
    const found = reader.messages.find((message) => message.value === value);
    assert.ok(found);
    return found;
  };

  it("passes messages through, in the order of each key, with what their headers say", async () => {
    const messages = Array.from({ length: 300 }, (_, index) => ({
      key: `key-${index % 7}`,
      value: `m-${index}`,
      headers: {
        traceID: `trace-${index}`,
        messageID: `id-${index}`,
        tenant: "blue",
        traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      },
    }));
    await writeMessages(broker.administrator, shout.input, messages);
    await eventually("all results", () => outputs.messages.length >= 300, { program: pod.program });
    for (const key of ["key-0", "key-6"]) {
      const got = outputs.messages.filter((message) => message.key === key).map(({ value }) => value);
      assert.deepEqual(
        got,
        messages.filter((message) => message.key === key).map(({ value }) => value.toUpperCase()),
      );
    }
    const { headers } = await sees(outputs, "M-7");
    assert.equal(headers.traceID, "trace-7");
    assert.match(headers.traceparent ?? "", /^00-a{32}-/);
    assert.deepEqual(
      headers.others.map(([name, value]) => [name, value.toString()]),
      [["tenant", "blue"]],
    );
    assert.notEqual(headers.messageID, "id-7");
    assert.equal(headers.contentType, "text/plain");
  });

  it("asks as the document says, with the caller's parameters over the document's", async () => {
    const headers = {
      endpointParams: JSON.stringify({ locale: "tr", "--evil": "1" }),
      contentType: "text/plain",
    };
    await writeMessages(broker.administrator, shout.input, [{ key: "k", value: "asked", headers }]);
    await sees(outputs, "ASKED");
    const request = algo.requests.find(({ body }) => body === "asked");
    assert.ok(request);
    assert.equal(request.method, "PUT");
    assert.equal(`${request.url.pathname}${request.url.search}`, "/run?x=1&locale=tr&quiet");
    assert.equal(request.headers["x-own"], "stated");
    assert.equal(request.headers["content-type"], "text/plain");
  });

  it("tries again what fails, while others pass, and returns it when it succeeds", async () => {
    failing.set("later", 3);
    await writeMessages(broker.administrator, shout.input, [
      { key: "k", value: "later" },
      { key: "k", value: "first" },
    ]);
    await sees(outputs, "FIRST");
    assert.ok(!outputs.counts.has("LATER"), "others pass it");
    const { headers } = await sees(outputs, "LATER");
    assert.deepEqual(headers.others, [], "a result says nothing of former failures");
    const runs = algo.requests
      .filter(({ body }) => body === "later")
      .map((each) => each.headers["x-algorun-run"]);
    assert.equal(runs.length, 4);
    assert.deepEqual(new Set(runs), new Set([headers.run]), "its run has one name");
  });

  it("gives up what fails at every step, with the reason", async () => {
    await writeMessages(broker.administrator, shout.input, [
      { key: "k", value: "bad one", headers: { traceID: "t" } },
      { key: "k", value: "hang one" },
      { key: "k", value: "cut one" },
    ]);
    const { headers } = await sees(deadLetters, "bad one");
    assert.equal(headers.traceID, "t");
    const others = Object.fromEntries(headers.others.map(([name, value]) => [name, value.toString()]));
    assert.equal(others["errorClass"], "Status");
    assert.equal(others["errorStatus"], "500");
    assert.match(others["errorMessage"] ?? "", /no idea/);
    assert.equal(others["originalTopic"], shout.input);
    assert.match(others["originalOffset"] ?? "", /^\d+$/);
    assert.equal(headers.retryNum, undefined);
    const reason = async (value: string): Promise<string | undefined> =>
      (await sees(deadLetters, value)).headers.others.find(([name]) => name === "errorClass")?.[1].toString();
    assert.equal(await reason("hang one"), "TimeOut");
    assert.equal(await reason("cut one"), "Connection");
    assert.equal(
      algo.requests.filter(({ body }) => body === "bad one").length,
      4,
      "once, and at each step as often as it says",
    );
  });

  it("counts what dashboards show", async () => {
    const metrics = await metricsOf(pod);
    assert.match(metrics, /algorunner_dlq_total\{[^}]*deployment="acme.shout"[^}]*\} 3\b/);
    assert.match(metrics, /algorunner_retry_total\{[^}]*step="2"/);
    assert.doesNotMatch(podLog(pod), /secretOf/);
  });

  it("drains when it is told to end, and its successor goes on where it stopped", async () => {
    await pod.program.stop("SIGTERM");
    assert.match(podLog(pod), /"msg":"drained"/);
    const before = outputs.messages.length;
    await writeMessages(broker.administrator, shout.input, [{ key: "k", value: "successor" }]);
    pod = await startRunnerPod(group, algoOf(plan, shout.algo), { broker, instance: "upper-b" });
    await sees(outputs, "SUCCESSOR");
    assert.equal(outputs.messages.length, before + 1);
  });

  it("works on as another user, with the transactions that it had, after its password was rotated", async () => {
    await pod.program.stop("SIGKILL");
    const username = await broker.addUser(algoOf(plan, shout.algo), 2);
    await writeMessages(broker.administrator, shout.input, [{ key: "k", value: "rotated" }]);
    const environment = { KAFKA_AUTH_USERNAME: username };
    pod = await startRunnerPod(group, algoOf(plan, shout.algo), { broker, instance: "upper-b", environment });
    await sees(outputs, "ROTATED");
  });
});
