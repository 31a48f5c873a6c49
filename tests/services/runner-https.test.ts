import assert from "node:assert/strict";
import { eventually, ProcessGroup } from "../software/process-group";
import { selfSigned } from "../software/self-signed";
import { DeployedRunner } from "./deployed-runner";
import { PipelineBroker } from "./pipeline-broker";
import { SpanReceiver, type ReceivedSpan } from "./span-receiver";
import { TestAlgo } from "./test-algo";

const traceId = "a".repeat(32);
const parentSpanId = "b".repeat(16);

describe("a runner beside an algo's HTTPS server, with its spans exported", function () {
  this.timeout(90_000);
  const group = new ProcessGroup();
  const spans = new SpanReceiver();
  const algo = new TestAlgo(({ body }) =>
    body.startsWith("bad") ? { status: 422, body: "no idea" } : { body: body.toUpperCase() },
  );
  let broker: PipelineBroker;
  let runner: DeployedRunner;

  before(async function () {
    this.timeout(300_000);
    // Of an authority that nobody knows, for a name that nobody asks for.
    const port = await algo.listen(await selfSigned(["algo.acme.example"]));
    broker = await PipelineBroker.start(group, "127.0.46");
    runner = await DeployedRunner.start(group, broker, {
      name: "shout",
      input: `inputDeliveryType: Https, contentTypes: [], http: { port: ${port}, path: /run }`,
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await spans.listen()}`,
        OTEL_BSP_SCHEDULE_DELAY: "200",
      },
    });
  });

  after(async () => {
    await runner.close();
    await algo.close();
    await spans.close();
    await group.stopAll();
    broker.remove();
  });

  const send = async (value: string): Promise<void> => {
    const traceparent = `00-${traceId}-${parentSpanId}-01`;
    await runner.send({ key: "k", value, headers: { traceparent, contentType: "text/plain" } });
  };

  const spanOf = async (run: unknown): Promise<ReceivedSpan> => {
    const isIt = ({ attributes }: ReceivedSpan): boolean => attributes["algorun.run"] === run;
    await eventually("the run's span", () => spans.spans.some(isIt), { program: runner.pod.program });
    const found = spans.spans.find(isIt);
    assert.ok(found);
    return found;
  };

  const requestOf = (text: string) => algo.requests.find(({ body }) => body === text);

  it("asks it, whatever its certificate says: it is in the same pod", async () => {
    await send("secure");
    const { headers } = await runner.seesText("SECURE");
    assert.equal(headers.contentType, "text/plain");
    assert.equal(requestOf("secure")?.url.pathname, "/run");
  });

  it("has a span for each run, between that of the message and those of the algo and the result", async () => {
    await send("traced");
    const { headers } = await runner.seesText("TRACED");
    const request = requestOf("traced");
    const span = await spanOf(headers.run);
    assert.equal(span.traceId, traceId);
    assert.equal(span.parentSpanId, parentSpanId);
    assert.equal(span.isError, false);
    assert.equal(span.attributes["messaging.system"], "kafka");
    const own = `00-${traceId}-${span.spanId}-01`;
    assert.equal(request?.headers["traceparent"], own);
    assert.equal(headers.traceparent, own);
  });

  it("says in its span that a run failed", async () => {
    await send("bad one");
    assert.match((await runner.givesUp("bad one"))["errorMessage"] ?? "", /status 422: no idea/);
    const span = await spanOf(requestOf("bad one")?.headers["x-algorun-run"]);
    assert.equal(span.isError, true);
  });
});
