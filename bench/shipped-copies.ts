import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { loadDocuments } from "../pipelines/model/document/documents";

const project = join(__dirname, "..");
/** First of all, since what changes one pipeline changes this one. */
const first = "pipelines/documents/orders";

/** A document of {@link writeCopies} that can be changed, what is in it, and what may be there instead. */
export const change = { file: "orders-0.yaml", before: "timeoutSeconds: 10", after: "timeoutSeconds: 20" };

/** Documents that belong together, and how many pipelines they are. */
interface Shipped {
  readonly name: string;
  readonly text: string;
  /** Words by which documents know each other: owners, names and labels of algos. */
  readonly words: readonly string[];
  readonly pipelines: number;
}

function shipped(name: string, files: readonly string[]): Shipped {
  const { deployments, algos } = loadDocuments(files);
  const words = [
    ...deployments.map(({ document: { spec } }) => spec.deploymentOwner),
    ...deployments.map(({ document: { spec } }) => spec.pipelineOwner),
    ...algos.flatMap(({ document: { metadata, spec } }) => [
      spec.owner,
      metadata.name,
      ...Object.values(metadata.labels),
    ]),
  ];
  return {
    name,
    text: files.map((file) => readFileSync(file, "utf8")).join("\n---\n"),
    // The longest first: an owner may be the beginning of a name.
    words: [...new Set(words)].sort((one, other) => other.length - one.length),
    pipelines: deployments.length,
  };
}

function documentsIn(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => join(folder, name));
}

function allShipped(): readonly Shipped[] {
  const folders = [first, "pipelines/documents/sensors"].map((folder) =>
    shipped(basename(folder), documentsIn(join(project, folder))),
  );
  const examples = documentsIn(join(project, "pipelines", "examples"));
  return [...folders, ...examples.map((file) => shipped(basename(file, ".yaml"), [file]))];
}

/**
 * Writes copies of the pipelines that come with AlgoRun, each for an owner of its own, until there are so many: small ones
 * and large ones, with retries, data connectors and canaries.
 */
export function writeCopies(folder: string, count: number): void {
  const sources = allShipped();
  let written = 0;
  for (let round = 0; written < count; round += 1) {
    for (const { name, text, words, pipelines } of sources) {
      if (written + pipelines > count) continue;
      const pattern = new RegExp(`\\b(${words.join("|")})\\b`, "g");
      // Topics that documents name themselves are one for all owners.
      const copy = text
        .replaceAll(pattern, (word) => `${word}-${round}`)
        .replaceAll(/\btopicName: "?([\w.-]+)"?/g, `topicName: $1.${round}`)
        // Classes of storage are a cluster's own; without one, a claim has the default.
        .replaceAll(/, storageClass: [\w.-]+/g, "");
      writeFileSync(join(folder, `${name}-${round}.yaml`), copy);
      written += pipelines;
    }
  }
}

/** Has one pipeline of {@link writeCopies} changed for as long as something is done. */
export async function withChange(folder: string, work: () => Promise<void>): Promise<void> {
  const file = join(folder, change.file);
  const text = readFileSync(file, "utf8");
  if (!text.includes(change.before)) throw new Error(`${file} has no ${change.before}`);
  writeFileSync(file, text.replace(change.before, change.after));
  try {
    await work();
  } finally {
    writeFileSync(file, text);
  }
}
