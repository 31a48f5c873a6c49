import type { ProcessFigures } from "../process-meter";
import { machine } from "../report/machine";
import type { Latency } from "../report/quantiles";
import { millisecondsText, perSecondText, table } from "../report/table";
import type { BenchOptions } from "../options";
import type { LoadMeasure } from "./driver/driver";
import { grpcCalls } from "./driver/grpc-transport";
import type { RawFigures } from "./raw-producer";

/** A pipeline as fast as it goes, and at a steady rate. */
export interface PipelineFigures {
  readonly fastest: LoadMeasure;
  /** Messages a second. */
  readonly steadyRate: number;
  readonly steady: LoadMeasure;
}

/** A pipeline, and what its runner adds. */
export interface AlgorunFigures extends PipelineFigures {
  /** At the steady rate. */
  readonly hop: Latency;
  /** A tenth of what it does at most, at which cores have time left. */
  readonly calm: { readonly rate: number; readonly load: LoadMeasure; readonly hop: Latency };
}

/** All that was measured. */
export interface DataplaneFigures {
  readonly raw: RawFigures;
  readonly bare: LoadMeasure;
  readonly gateway: LoadMeasure;
  /** The gateway by gRPC. */
  readonly calls: LoadMeasure;
  readonly algorun: AlgorunFigures;
  /** Undefined: there is no JDK. */
  readonly streams: PipelineFigures | undefined;
}

/** Goals: the gateway takes at least this share of what Kafka's own producer writes. */
const gatewayShare = 0.5;
/** A hop adds less than so many milliseconds, but for one message in a hundred. */
const hopMs = 10;
/** What memory may grow by from the first to the last fifth of the time, in MiB or as a share, whichever is more. */
const growth = { mebibytes: 16, share: 0.1 };

/** The figures as Markdown. */
export function dataplanePage(figures: DataplaneFigures, options: BenchOptions): string {
  return [
    `Measured on ${machine("Kafka 4.3")}, all programs on the same machine; ${options.seconds} s each, the steady load ${options.steadySeconds} s.`,
    goals(figures, options),
    "### As fast as it goes",
    fastest(figures),
    `### At ${perSecondText(figures.algorun.steadyRate)} messages a second, half of what the pipeline does at most, and at a tenth`,
    steady(figures),
    "### What each program takes at half",
    programs(figures),
    lostLine(figures),
  ].join("\n\n");
}

function goals({ raw, gateway, calls, algorun }: DataplaneFigures, { steadySeconds }: BenchOptions): string {
  const shares = [gateway, calls].map(({ perSecond }) => perSecond / raw.perSecond);
  const [byHttp, byGrpc] = shares.map((share) => `${Math.round(share * 100)} %`);
  const grown = Object.entries(algorun.steady.processes)
    .filter(([name]) => ["gateway", "runner", "hook"].includes(name))
    .map(([name, { memory }]) => ({ name, from: memory.first, to: memory.last }));
  const isFlat = grown.every(({ from, to }) => to - from <= Math.max(growth.mebibytes, from * growth.share));
  const memory = grown.map(({ name, from, to }) => `${name} ${from} → ${to} MiB`).join(", ");
  return table(
    ["goal", "measured", ""],
    [
      [
        "the gateway takes half of what Kafka's own producer writes",
        `by HTTP ${byHttp ?? ""}, by gRPC ${byGrpc ?? ""}`,
        verdict(shares.every((share) => share >= gatewayShare)),
      ],
      [
        `a runner adds less than ${hopMs} ms at p99`,
        `${millisecondsText(algorun.hop.p99)} ms`,
        verdict(algorun.hop.p99 < hopMs),
      ],
      [`memory stays flat over ${steadySeconds} s`, memory, verdict(isFlat)],
    ],
  );
}

function verdict(isMet: boolean): string {
  return isMet ? "met" : "missed";
}

function fastest({ raw, bare, gateway, calls, algorun, streams }: DataplaneFigures): string {
  const row = (
    what: string,
    {
      perSecond,
      latency,
      processes,
    }: Pick<LoadMeasure, "perSecond" | "processes"> & {
      latency: Pick<Latency, "p50" | "p99">;
    },
    own: readonly string[],
  ): readonly string[] => [
    what,
    perSecondText(perSecond),
    millisecondsText(latency.p50),
    millisecondsText(latency.p99),
    coresText(own.map((name) => processes[name])),
    cpuOfAMessage(
      own.map((name) => processes[name]),
      perSecond,
    ),
    coresText([processes["broker"]]),
    coresText([processes["driver"]]),
  ];
  return table(
    [
      "",
      "messages/s",
      "p50, ms",
      "p99, ms",
      "cores",
      "CPU of a message, µs",
      "broker, cores",
      "driver, cores",
    ],
    [
      row("Kafka's own producer (`kafka-producer-perf-test`)", raw, ["producer"]),
      row("Node's own HTTP server, without Kafka", bare, ["server"]),
      row("gateway", gateway, ["gateway"]),
      row(`gateway by gRPC, ${grpcCalls} calls`, calls, ["gateway"]),
      row("gateway → runner → hook", algorun.fastest, ["gateway", "runner", "hook"]),
      ...(streams === undefined
        ? []
        : [row("gateway → Kafka Streams", streams.fastest, ["gateway", "streams"])]),
    ],
  );
}

function steady({ algorun, streams }: DataplaneFigures): string {
  const row = (perSecond: number, what: string, { p50, p99, max }: Latency): readonly string[] => [
    what,
    perSecondText(perSecond),
    ...[p50, p99, max].map(millisecondsText),
  ];
  const way = "from the endpoint to the webhook";
  const runner = "of which the runner, with the algo's answer and the commit";
  const { steadyRate, calm } = algorun;
  return table(
    ["milliseconds", "messages/s", "p50", "p99", "most"],
    [
      row(steadyRate, way, algorun.steady.latency),
      row(steadyRate, runner, algorun.hop),
      ...(streams === undefined
        ? []
        : [row(steadyRate, `${way}, with Kafka Streams`, streams.steady.latency)]),
      row(calm.rate, way, calm.load.latency),
      row(calm.rate, runner, calm.hop),
    ],
  );
}

function programs({ algorun, streams }: DataplaneFigures): string {
  const row = ([name, { cores, memory }]: readonly [string, ProcessFigures]): readonly string[] => [
    name,
    cores.toFixed(2),
    ...[memory.first, memory.last, memory.most].map(String),
  ];
  const ofStreams = streams?.steady.processes["streams"];
  return table(
    ["", "cores", "memory at first, MiB", "at last", "at most"],
    [
      ...Object.entries(algorun.steady.processes).map(row),
      ...(ofStreams === undefined ? [] : [row(["Kafka Streams", ofStreams])]),
    ],
  );
}

function lostLine({ gateway, calls, algorun, streams }: DataplaneFigures): string {
  const all = [
    gateway,
    calls,
    algorun.fastest,
    algorun.steady,
    algorun.calm.load,
    ...(streams ? [streams.fastest, streams.steady] : []),
  ];
  const sum = (key: "refused" | "lost" | "doubled"): number =>
    all.reduce((total, measure) => total + measure[key], 0);
  return `Messages refused: ${sum("refused")}, lost: ${sum("lost")}, doubled: ${sum("doubled")}.`;
}

function coresText(figures: readonly (ProcessFigures | undefined)[]): string {
  const known = figures.filter((each) => each !== undefined);
  return known.length === 0 ? "–" : known.reduce((sum, { cores }) => sum + cores, 0).toFixed(2);
}

function cpuOfAMessage(figures: readonly (ProcessFigures | undefined)[], perSecond: number): string {
  const cores = figures.reduce((sum, each) => sum + (each?.cores ?? 0), 0);
  return Math.round((cores / perSecond) * 1e6).toLocaleString("en-US");
}
