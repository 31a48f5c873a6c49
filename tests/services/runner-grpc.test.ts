import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { eventually, ProcessGroup } from "../software/process-group";
import { DeployedRunner } from "./deployed-runner";
import { PipelineBroker } from "./pipeline-broker";
import { lines } from "./shout-pipeline";
import { TestGrpcAlgo } from "./test-grpc-algo";

describe("a runner beside an algo's gRPC server", function () {
  this.timeout(90_000);
  const group = new ProcessGroup();
  const failing = new Map([["later", 2]]);
  let broker: PipelineBroker;
  let runner: DeployedRunner;
  let port: number;
  const answer = (text: string) => {
    if (text.startsWith("hang")) return "hang" as const;
    if (text.startsWith("bad")) return { code: status.INVALID_ARGUMENT, details: "no idea" };
    const left = failing.get(text) ?? 0;
    failing.set(text, left - 1);
    if (left > 0) return { code: status.UNAVAILABLE, details: "not now" };
    return { text: text.toUpperCase(), ...(text === "typed" && { contentType: "text/shouted" }) };
  };
  let algo = new TestGrpcAlgo(({ data }) => answer(data.toString()));

  before(async function () {
    this.timeout(300_000);
    port = await algo.listen();
    broker = await PipelineBroker.start(group, "127.0.45");
    runner = await DeployedRunner.start(group, broker, {
      name: "shout",
      executor: "grpc",
      algo: lines(
        "timeoutSeconds: 2",
        "retryEnabled: true",
        "retryStrategy: { strategy: RetryTopics, steps: [{ index: 1, backoffDuration: 500ms, repeat: 2 }] }",
      ),
      input: `inputDeliveryType: Grpc, contentTypes: [], grpc: { port: ${port} }`,
      output: "outputDeliveryType: HttpResponse, contentType: text/*",
    });
  });

  after(async () => {
    await runner.close();
    algo.close();
    await group.stopAll();
    broker.remove();
  });

  const callsOf = (text: string) => algo.calls.filter(({ data }) => data.toString() === text);

  it("is called with the message, the caller's parameters over the document's, and what its headers say", async () => {
    const headers = {
      traceID: "trace ä",
      fileName: "ä.txt",
      contentType: "text/plain",
      endpointParams: JSON.stringify({ locale: "tr", "--evil": "1" }),
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    };
    await runner.send({ key: "k", value: "typed", headers });
    const result = await runner.seesText("TYPED");
    assert.equal(result.headers.contentType, "text/shouted");
    const [call] = callsOf("typed");
    assert.ok(call);
    const { contentType, fileName, input, parameters, traceId, metadata, patienceMs } = call;
    assert.deepEqual(
      { contentType, fileName, input, parameters, traceId },
      {
        contentType: "text/plain",
        fileName: "ä.txt",
        input: "Text",
        parameters: { locale: "tr", quiet: "" },
        traceId: "trace ä",
      },
    );
    assert.equal(metadata["x-algorun-run"], result.headers.run);
    assert.equal(metadata["x-algorun-trace-id"], "trace%20%C3%A4");
    assert.equal(metadata["x-algorun-file-name"], "%C3%A4.txt");
    assert.match(String(metadata["traceparent"]), /^00-a{32}-/);
    assert.ok(patienceMs > 0 && patienceMs <= 2_000, "the document's timeoutSeconds is its deadline");
  });

  it("is called again for what fails, as the same run", async () => {
    await runner.sendTexts("later", "first");
    await runner.seesText("FIRST");
    const { headers } = await runner.seesText("LATER");
    const runs = callsOf("later").map(({ metadata }) => metadata["x-algorun-run"]);
    assert.deepEqual(runs, [headers.run, headers.run, headers.run]);
  });

  it("has its failures in the dead letters: the status, and the time that is over", async () => {
    await runner.sendTexts("bad", "hang", "behind them");
    await runner.seesText("BEHIND THEM");
    const bad = await runner.givesUp("bad");
    assert.deepEqual([bad["errorClass"], bad["errorStatus"]], ["Status", String(status.INVALID_ARGUMENT)]);
    assert.match(bad["errorMessage"] ?? "", /INVALID_ARGUMENT: no idea/);
    assert.equal((await runner.givesUp("hang"))["errorClass"], "TimeOut");
    assert.equal(callsOf("hang").length, 3, "once, and twice at the step");
  });

  it("may be away: messages wait, and no attempt is counted", async () => {
    algo.close();
    await runner.sendTexts("patient");
    await eventually("it waits", async () => (await runner.metric("algorunner_runner_error")) > 0, {
      seconds: 30,
    });
    const before = await runner.metric("algorunner_retry_total");
    algo = new TestGrpcAlgo(({ data }) => answer(data.toString()));
    await algo.listen(port);
    await runner.seesText("PATIENT");
    assert.equal(await runner.metric("algorunner_retry_total"), before);
  });
});
