import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Cache, defaultCacheDirectory } from "../../../local/toolchain/cache";
import { fetchFile } from "../../../local/toolchain/fetch-file";
import { Progress } from "../../../local/toolchain/progress";
import type { Recipe } from "../../../local/toolchain/recipe";
import type { PipelineBroker } from "../../../tests/services/pipeline-broker";
import { eventually, type ProcessGroup, type RunningProgram } from "../../../tests/software/process-group";
import { readFileSync } from "node:fs";
import { partitions, writeClientProperties } from "../pipeline-under-load";

/** SHA-256 and path in a Maven repository. RocksDB is not needed: the pipeline keeps no state. */
const lockFile = join(__dirname, "kafka-streams.lock");
const source = join(__dirname, "KafkaStreamsPipeline.java");

const kafkaStreamsJar: Recipe = {
  name: "kafka-streams",
  title: "Kafka Streams, for a benchmark",
  method: "fetching a jar from Maven Central (about 2 s)",
  needs: [],
  ingredients: async () => [await readFile(lockFile, "utf8")],
  make: async ({ directory }) => {
    const [sha256 = "", path = ""] = (await readFile(lockFile, "utf8")).trim().split("  ");
    const repository = process.env["ALGORUN_MAVEN_REPOSITORY"] ?? "https://repo.maven.apache.org/maven2";
    await fetchFile(`${repository}/${path}`, join(directory, basename(path)), sha256);
  },
};

/** What it connects. */
export interface StreamsSteps {
  readonly input: string;
  readonly output: string;
  readonly algoUrl: string;
  readonly webhookUrl: string;
}

/** Whether Java here can run a source file: that takes a JDK, where Kafka itself only needs a JRE. */
export function canCompile(java: string): boolean {
  return spawnSync(java, ["--list-modules"], { encoding: "utf8" }).stdout.includes("jdk.compiler");
}

/** Starts the same steps as a pipeline's, with Kafka Streams and exactly-once, one thread for each partition. */
export async function startStreams(
  group: ProcessGroup,
  broker: PipelineBroker,
  { input, output, algoUrl, webhookUrl }: StreamsSteps,
): Promise<RunningProgram> {
  const cache = new Cache(defaultCacheDirectory(process.env));
  const { directory } = await cache.obtain(
    kafkaStreamsJar,
    new Progress(process.stderr, await cache.countMissing([kafkaStreamsJar])),
  );
  const classPath = [directory, broker.libraries].map((folder) => join(folder, "*")).join(":");
  const program = group.start({
    command: broker.java,
    args: [
      ...["-Xmx256m", "-cp", classPath, source, writeClientProperties(broker)],
      ...[input, output, algoUrl, webhookUrl, String(partitions)],
    ],
    env: {},
    log: join(broker.folder, "kafka-streams.log"),
  });
  const isRunning = (): boolean => readFileSync(program.log, "utf8").split("\n").includes("RUNNING");
  await eventually("Kafka Streams", isRunning, { program, seconds: 120 });
  return program;
}
