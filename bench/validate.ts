import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * How long `make validate` takes, from the start of the program to its end, for generated documents without fault: each
 * file holds a deployment and three algos. Prints the median and the slowest of some runs.
 */

const sizes = [100, 1000];
const runs = 5;
const algosOfADeployment = 3;

const project = join(__dirname, "..");

function algo(owner: string, name: string): string {
  return `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: ${owner}-${name} }
spec:
  owner: ${owner}
  name: ${name}
  executor: http
  versions:
    - versionTag: "1.0.0"
      image: { repository: ghcr.io/${owner}/${name}, tag: "1.0.0" }
  parameters:
    - { name: mode, value: fast, sortOrder: 1 }
  inputs:
    - name: In
      isRequired: true
      inputDeliveryType: Http
      http: { verb: POST, port: 8080, path: /run }
      contentTypes: [application/json]
  outputs:
    - { name: Out, outputDeliveryType: HttpResponse, contentType: application/json }
`;
}

/** A deployment whose path is read by all its algos, and whose algos all lead to a webhook. */
function deployment(owner: string, algos: readonly string[]): string {
  const references = algos.map((name) => `${owner}/${name}:1.0.0[1]`);
  const uses = algos.map(
    (name) => `    - algoRef: { name: ${owner}-${name} }
      version: "1.0.0"
      replicas: 2
      resources: { requests: { cpu: 250m, memory: 256Mi }, limits: { cpu: 500m, memory: 512Mi } }
      topics:
        - { outputName: Out, autoPartition: true, topicParams: [{ name: retention.ms, value: "86400000" }] }
`,
  );
  const pipes = references.map(
    (
      reference,
    ) => `    - { sourceName: Endpoint, sourceOutputName: data, destName: "${reference}", destInputName: In }
    - { sourceName: "${reference}", sourceOutputName: Out, destName: EventHook, destInputName: results }
`,
  );
  return `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: ${owner}
  deploymentName: generated
  pipelineOwner: ${owner}
  pipelineName: generated
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - { name: data, contentType: application/json }
  algos:
${uses.join("")}  eventHook:
    webHooks:
      - { pipelineHookInputName: results, webHookUrl: "https://hooks.${owner}.example/results" }
  pipes:
${pipes.join("")}`;
}

function generate(folder: string, documents: number): void {
  mkdirSync(folder);
  for (let file = 0; file < documents / (algosOfADeployment + 1); file++) {
    const owner = `owner-${file}`;
    const algos = Array.from({ length: algosOfADeployment }, (_, index) => `algo-${index}`);
    const texts = [deployment(owner, algos), ...algos.map((name) => algo(owner, name))];
    writeFileSync(join(folder, `${owner}.yaml`), texts.join("---\n"));
  }
}

/** Wall time in seconds, and what the command printed. */
function measure(folder: string): { readonly seconds: number; readonly output: string } {
  const command = ["--import", "tsx", "pipelines/commands/validate.ts", folder];
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: "utf8" });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`make validate failed:\n${stdout}${stderr}`);
  return { seconds, output: stdout.trim() };
}

/** Prints how long `make validate` takes. */
export function benchValidate(): void {
  const root = mkdtempSync(join(tmpdir(), "algorun-bench-"));
  try {
    for (const documents of sizes) {
      const folder = join(root, String(documents));
      generate(folder, documents);
      const measured = Array.from({ length: runs }, () => measure(folder));
      const times = measured.map(({ seconds }) => seconds).sort((a, b) => a - b);
      const median = times[Math.floor(runs / 2)] ?? 0;
      console.log(
        `${documents} documents: ${median.toFixed(2)} s (slowest ${(times.at(-1) ?? 0).toFixed(2)} s); ${measured[0]?.output ?? ""}`,
      );
    }
  } finally {
    rmSync(root, { recursive: true });
  }
}
