import { appendFile, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "../user-error";
import { FetchError, fetchFile } from "./fetch-file";
import type { Recipe } from "./recipe";

/** Every jar of the broker, its tools and Connect: SHA-256 and path in a Maven repository, one a line. */
const lockFile = join(__dirname, "kafka", "jars.lock");

/** Maven Central. */
const defaultRepository = "https://repo.maven.apache.org/maven2";

/** How many jars are fetched at once. */
const parallelFetches = 8;

/** How often a jar is asked for until Maven Central is given up. */
const attempts = 3;

/** A folder of jars that `java -cp "FOLDER/*"` runs Kafka from. */
export const kafkaJars: Recipe = {
  name: "kafka",
  title: "Kafka broker and tools",
  method: "fetching 93 jars from Maven Central (about 10 s)",
  needs: [],
  ingredients: async () => [await readFile(lockFile, "utf8")],
  make: async ({ directory, log }) => {
    const repository = process.env["ALGORUN_MAVEN_REPOSITORY"] ?? defaultRepository;
    const jars = (await readFile(lockFile, "utf8")).trim().split("\n").map(parseLine);
    const fetchNext = async (): Promise<void> => {
      for (let jar = jars.shift(); jar !== undefined; jar = jars.shift()) {
        await appendFile(log, `${jar.path}\n`);
        await fetchJar(`${repository}/${jar.path}`, join(directory, basename(jar.path)), jar.sha256);
      }
    };
    await Promise.all(Array.from({ length: parallelFetches }, fetchNext));
  },
};

function parseLine(line: string): { readonly sha256: string; readonly path: string } {
  const [sha256, path] = line.split("  ");
  if (sha256 === undefined || path === undefined)
    throw new Error(`${lockFile}: "${line}" is not a hash and a path`);
  return { sha256, path };
}

async function fetchJar(url: string, path: string, sha256: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetchFile(url, path, sha256);
      return;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      if (attempt < attempts) continue;
      const advice =
        "Set ALGORUN_MAVEN_REPOSITORY to the address of a Maven repository that this machine can reach.";
      throw new UserError(`A jar of Kafka can't be had. ${error.message}. ${advice}`);
    }
  }
}
