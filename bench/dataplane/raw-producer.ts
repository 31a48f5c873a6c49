import { spawn } from "node:child_process";
import { join } from "node:path";
import type { PipelineBroker } from "../../tests/services/pipeline-broker";
import { makeTopics } from "../make-topics";
import { ProcessMeter, type ProcessFigures } from "../process-meter";
import { pidOf, writeClientProperties } from "./pipeline-under-load";

/** What Kafka's own producer did. */
export interface RawFigures {
  readonly perSecond: number;
  /** From `send` to the answer, in milliseconds; most of it is waiting in the producer's own buffer. */
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly processes: Readonly<Record<string, ProcessFigures>>;
}

const topic = "bench.raw";
const mainClass = "org.apache.kafka.tools.ProducerPerformance";
/** `100000 records sent, 51255.8 records/sec (50.05 MB/sec), 12.3 ms avg latency, … 3 ms 50th, … 60 ms 99th, …` */
const summary =
  /^\d+ records sent, (?<perSecond>[\d.]+) records\/sec .* (?<p50>\d+) ms 50th, .* (?<p99>\d+) ms 99th/gm;

/** Kafka's own `kafka-producer-perf-test` against the same broker: the most that can be written to it from one process. */
export async function measureRawProducer(
  broker: PipelineBroker,
  load: { readonly bytes: number; readonly seconds: number },
): Promise<RawFigures> {
  await makeTopics(broker.administrator, topic);
  const settings = writeClientProperties(broker);
  // It counts messages, not time: the first run says how many there are in a second.
  const warm = await produce(broker, settings, { messages: 50_000, bytes: load.bytes });
  const messages = Math.ceil(warm.perSecond * load.seconds);
  return await produce(broker, settings, { messages, bytes: load.bytes });
}

async function produce(
  broker: PipelineBroker,
  settings: string,
  { messages, bytes }: { readonly messages: number; readonly bytes: number },
): Promise<RawFigures> {
  const child = spawn(broker.java, [
    ...["-Xmx256m", "-cp", join(broker.libraries, "*"), mainClass],
    ...["--topic", topic, "--num-records", String(messages), "--record-size", String(bytes)],
    ...["--throughput", "-1", "--command-config", settings],
    ...["--bootstrap-server", broker.address, "--command-property", "acks=all"],
  ]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  const meter = new ProcessMeter({ broker: pidOf(broker.program), producer: pidOf(child) });
  // The process is there until its end is seen, but its figures are not.
  const figures = await new Promise<RawFigures["processes"]>((resolve) => {
    child.stdout.once("end", () => {
      resolve(meter.stop());
    });
  });
  const { perSecond, p50, p99 } = [...output.matchAll(summary)].at(-1)?.groups ?? {};
  if (perSecond === undefined) throw new Error(`${mainClass} says:\n${output.slice(-2000)}`);
  return {
    perSecond: Number(perSecond),
    latency: { p50: Number(p50), p99: Number(p99) },
    processes: figures,
  };
}
