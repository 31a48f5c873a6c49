import { existsSync } from "node:fs";
import { join } from "node:path";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { PipelineBroker } from "../../tests/services/pipeline-broker";
import { ProcessGroup } from "../../tests/software/process-group";
import { makeTopics } from "../make-topics";
import type { BenchOptions } from "../options";
import { machine } from "../report/machine";
import { writePart } from "../report/page-part";
import { millisecondsText, perSecondText, table } from "../report/table";
import { ClientProcess } from "./client-process";
import { clientNames, type ClientName, type Order, type Speed } from "./client-orders";
import { measureMembers, type CopyFigures } from "./members";

interface ClientFigures {
  readonly name: ClientName;
  readonly speed: Speed | string;
  readonly copy: CopyFigures | string;
}

/** Installed here, so that the project does not depend on what it does not use. */
const folder = __dirname;
const network = "127.0.91";

/** Compares clients of Kafka, prints the figures, and writes them into the documentation. */
export async function benchKafkaClients(options: BenchOptions): Promise<void> {
  const refused = install();
  const group = new ProcessGroup();
  const figures: ClientFigures[] = [];
  let broker: PipelineBroker | undefined;
  try {
    broker = await PipelineBroker.start(group, network);
    for (const name of clientNames) {
      const reason = name === "@confluentinc/kafka-javascript" ? refused : undefined;
      figures.push(
        reason === undefined
          ? await measureClient(name, broker, options)
          : { name, speed: reason, copy: reason },
      );
    }
  } finally {
    await group.stopAll();
    broker?.remove();
  }
  const text = page(figures, options);
  console.log(`\n${text}\n`);
  if (options.isWritten)
    await writePart({ page: "kafka-client.md", command: "make bench BENCH=kafka-clients" }, text);
}

/** @returns why the native one can't be used, or nothing */
function install(): string | undefined {
  console.log("installing the other clients");
  npm("ci");
  // Its script fetches a library of machine code from GitHub, or else compiles it.
  const { status, stderr, stdout } = npm(
    "rebuild",
    "@confluentinc/kafka-javascript",
    "--ignore-scripts=false",
  );
  const isThere = existsSync(
    join(folder, "node_modules/@confluentinc/kafka-javascript/build/Release/confluent-kafka-javascript.node"),
  );
  return status === 0 && isThere ? undefined : `not installed: ${reasonIn(`${stdout}${stderr}`)}`;
}

function npm(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync("npm", [...args, "--no-audit", "--no-fund"], { cwd: folder, encoding: "utf8" });
}

/** Why it could neither be fetched nor compiled, as its script says. */
function reasonIn(output: string): string {
  const fetching = /install request to \S+ failed, reason: (?<reason>.*)/.exec(output)?.groups?.["reason"];
  const missing = [...output.matchAll(/Failed to install dependency (?<library>\S+)/g)].map(
    ({ groups }) => groups?.["library"] ?? "",
  );
  const reasons = [
    ...(fetching === undefined ? [] : [fetching]),
    ...(missing.length === 0 ? [] : [`no headers of ${missing.join(", ")} to compile it with`]),
  ];
  return reasons.length === 0 ? "its script failed" : reasons.join("; ");
}

async function measureClient(
  name: ClientName,
  broker: PipelineBroker,
  { seconds }: BenchOptions,
): Promise<ClientFigures> {
  const topic = `bench.${name.replace(/\W+/g, "-")}`;
  const { brokers, username = "", password = "" } = broker.administrator;
  const login = { brokers, username, password };
  console.log(`measuring ${name}, speed, ${2 * seconds} s`);
  await makeTopics(login, topic);
  const speed = await speedOf({ kind: "speed", client: name, login, topic, seconds });
  console.log(`measuring ${name}, members that come and go, ${seconds} s`);
  const names = { from: `${topic}.from`, to: `${topic}.to` };
  const copy = await measureMembers(name, login, names, seconds).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  return { name, speed, copy };
}

async function speedOf(order: Order): Promise<Speed | string> {
  const client = new ClientProcess(order);
  try {
    const answer = await client.first();
    return answer.kind === "speed" ? answer.speed : answer.kind === "failed" ? answer.reason : "said nothing";
  } finally {
    await client.stop("SIGKILL");
  }
}

function page(figures: readonly ClientFigures[], { seconds }: BenchOptions): string {
  const row = (what: string, read: (each: ClientFigures) => string): readonly string[] => [
    what,
    ...figures.map(read),
  ];
  const ofSpeed = (read: (speed: Speed) => string) => (each: ClientFigures) =>
    typeof each.speed === "string" ? "–" : read(each.speed);
  const ofCopy = (read: (copy: CopyFigures) => string) => (each: ClientFigures) =>
    typeof each.copy === "string" ? "–" : read(each.copy);
  const failures = figures.flatMap(({ name, speed, copy }) =>
    [...new Set([speed, copy])].flatMap((each) =>
      typeof each === "string" ? [`- ${name}: \`${each}\``] : [],
    ),
  );
  return [
    `Measured on ${machine("Kafka 4.3")}, the broker on the same machine; 1 KiB messages, \`acks=all\`, idempotent, in batches of 200; ${seconds} s each.`,
    table(
      ["", ...figures.map(({ name }) => name)],
      [
        row(
          "written, messages a second",
          ofSpeed(({ written }) => perSecondText(written.perSecond)),
        ),
        row(
          "CPU of a written message, µs",
          ofSpeed(({ written }) => written.cpu.toFixed(0)),
        ),
        row(
          "one message, median / 99th percentile, ms",
          ofSpeed(({ latency }) => `${millisecondsText(latency.p50)} / ${millisecondsText(latency.p99)}`),
        ),
        row(
          "read, messages a second",
          ofSpeed(({ read }) => perSecondText(read.perSecond)),
        ),
        row(
          "CPU of a read message, µs",
          ofSpeed(({ read }) => read.cpu.toFixed(0)),
        ),
        row(
          "memory afterwards, MiB",
          ofSpeed(({ memory }) => String(memory)),
        ),
        row(
          "copied in transactions, messages",
          ofCopy(({ sent }) => sent.toLocaleString("en-US")),
        ),
        row(
          "while members were killed / restarted",
          ofCopy(({ killed, restarted }) => `${killed} / ${restarted}`),
        ),
        row(
          "of these lost / doubled",
          ofCopy(({ lost, doubled }) => `${lost} / ${doubled}`),
        ),
      ],
    ),
    ...(failures.length === 0 ? [] : [failures.join("\n")]),
  ].join("\n\n");
}
