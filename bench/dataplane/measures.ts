import { freePort, isListening } from "../../tests/software/free-port";
import { eventually, type ProcessGroup } from "../../tests/software/process-group";
import { makeTopics } from "../make-topics";
import type { BenchOptions } from "../options";
import type { Latency } from "../report/quantiles";
import type { Driver, LoadMeasure } from "./driver/driver";
import { grpcCalls } from "./driver/grpc-transport";
import type { Load } from "./driver/load";
import type { AlgorunFigures, DataplaneFigures, PipelineFigures } from "./figures-text";
import { HopMeter } from "./hop-meter";
import { pidOf, startBesides, topics, type PipelineUnderLoad } from "./pipeline-under-load";
import { measureRawProducer } from "./raw-producer";
import { canCompile, startStreams } from "./streams/kafka-streams";

/** What measures are taken with. */
export interface Bench {
  readonly group: ProcessGroup;
  readonly driver: Driver;
  /** Where the driver takes webhooks. */
  readonly receiverPort: number;
  readonly pipeline: PipelineUnderLoad;
}

/** Bytes of a message. */
export const messageBytes = 1024;
/** Requests to the gateway at a time, each on a connection of its own that stays open. */
export const callers = 128;
/** Messages on calls of gRPC, ahead of their answers: as many as the gateway has on their way at once. */
const aheadOfAnswers = 64 * grpcCalls;
/** Messages between the driver and the driver: enough that nobody on the way waits for work. */
export const onTheirWay = 1000;
/** Virtual machines compile what is used often while it runs. After 5 s, the same programs take half as many messages. */
const warmUpSeconds = 20;
const streamsOutput = "bench.streams.output";

/** Takes all measures, one after the other, on the same broker. */
export async function measureDataplane(bench: Bench, options: BenchOptions): Promise<DataplaneFigures> {
  const { seconds } = options;
  const { broker } = bench.pipeline;
  told(`Kafka's own producer, ${seconds} s`);
  const raw = await measureRawProducer(broker, { bytes: messageBytes, seconds });
  told(`Node's own HTTP server, ${seconds} s`);
  const bare = await measureBareServer(bench, seconds);
  told(`the gateway, ${seconds} s`);
  const gateway = await bench.driver.measure(
    { ...load(bench, seconds), url: bench.pipeline.urlOf("spare"), until: "answered", pace: window(callers) },
    bench.pipeline.pids,
  );
  told(`the gateway by gRPC, ${seconds} s`);
  const calls = await bench.driver.measure(
    { ...load(bench, seconds), url: bench.pipeline.callUrl, until: "answered", pace: window(aheadOfAnswers) },
    bench.pipeline.pids,
  );
  const algorun = await measureAlgorun(bench, options);
  const streams = canCompile(broker.java)
    ? await measureStreams(bench, seconds, algorun.steadyRate)
    : undefined;
  return { raw, bare, gateway, calls, algorun, streams };
}

function told(what: string): void {
  console.log(`measuring ${what}`);
}

function window(messages: number): Load["pace"] {
  return { kind: "window", messages };
}

/** A load that goes the whole way. */
function load({ pipeline }: Bench, seconds: number): Omit<Load, "pace"> {
  return { url: pipeline.urlOf("texts"), bytes: messageBytes, until: "delivered", warmUpSeconds, seconds };
}

async function measureBareServer(bench: Bench, seconds: number): Promise<LoadMeasure> {
  const port = await freePort();
  const server = startBesides(bench.group, bench.pipeline.broker, "bare-server", port);
  await eventually("a server", () => isListening(port), { program: server });
  const url = `http://127.0.0.1:${port}/`;
  const measure = await bench.driver.measure(
    { ...load(bench, seconds), url, until: "answered", pace: window(callers) },
    { server: pidOf(server) },
  );
  await server.stop("SIGKILL");
  return measure;
}

async function measureAlgorun(
  bench: Bench,
  { seconds, steadySeconds }: BenchOptions,
): Promise<AlgorunFigures> {
  const { pipeline, receiverPort } = bench;
  const runner = await pipeline.startRunner();
  const hook = await pipeline.startHook(receiverPort);
  const pids = { ...pipeline.pids, runner: pidOf(runner.program), hook: pidOf(hook.program) };
  told(`gateway, runner and hook, as fast as they go, ${seconds} s`);
  const fastest = await bench.driver.measure({ ...load(bench, seconds), pace: window(onTheirWay) }, pids);
  const steadyRate = partOf(fastest, 1 / 2);
  const { load: steady, hop } = await measureHop(bench, steadyRate, steadySeconds, pids);
  const rate = partOf(fastest, 1 / 10);
  const calm = { rate, ...(await measureHop(bench, rate, seconds, pids)) };
  await Promise.all([runner.program.stop(), hook.program.stop()]);
  return { fastest, steadyRate, steady, hop, calm };
}

/** The pipeline at a steady rate, and what its runner adds. */
async function measureHop(
  bench: Bench,
  perSecond: number,
  seconds: number,
  pids: Readonly<Record<string, number>>,
): Promise<{ readonly load: LoadMeasure; readonly hop: Latency }> {
  told(`the same at ${perSecond} messages a second, ${seconds} s`);
  const meter = new HopMeter(bench.pipeline.broker.administrator);
  await meter.start(topics.input, topics.output);
  let hop: Latency = { p50: NaN, p99: NaN, max: NaN };
  const measured = await bench.driver.measure(
    { ...load(bench, seconds), pace: { kind: "rate", perSecond } },
    { ...pids, "bench itself": process.pid },
    {
      begun: () => {
        meter.begin();
      },
      ended: () => {
        hop = meter.end();
      },
    },
  );
  await meter.close();
  return { load: measured, hop };
}

/** Runner and hook have gone; the gateway, the broker, the algo's server and the driver are the same. */
async function measureStreams(bench: Bench, seconds: number, steadyRate: number): Promise<PipelineFigures> {
  const { group, driver, pipeline, receiverPort } = bench;
  await makeTopics(pipeline.broker.administrator, streamsOutput);
  const streams = await startStreams(group, pipeline.broker, {
    input: topics.input,
    output: streamsOutput,
    algoUrl: `http://127.0.0.1:${pipeline.algoPort}/run`,
    webhookUrl: `http://127.0.0.1:${receiverPort}/`,
  });
  const pids = { ...pipeline.pids, streams: pidOf(streams) };
  told(`Kafka Streams, as fast as it goes, ${seconds} s`);
  const fastest = await driver.measure({ ...load(bench, seconds), pace: window(onTheirWay) }, pids);
  told(`Kafka Streams at ${steadyRate} messages a second, ${seconds} s`);
  const steady = await driver.measure(
    { ...load(bench, seconds), pace: { kind: "rate", perSecond: steadyRate } },
    pids,
  );
  await streams.stop();
  return { fastest, steadyRate, steady };
}

function partOf({ perSecond }: LoadMeasure, part: number): number {
  return Math.max(1, Math.round(perSecond * part));
}
