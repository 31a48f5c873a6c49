import assert from "node:assert/strict";
import { parseDocuments } from "../../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import type { PipelineDefaults } from "../../../pipelines/model/platform-facts";
import { planPipelines } from "../../../pipelines/model/plan-pipelines";

/** An algo of the pipelines under test. */
export interface AlgoUnderTest {
  readonly name: string;
  /** Components whose messages it reads: `Endpoint`, or names of algos. @default Endpoint */
  readonly reads?: readonly string[];
  /** Fields of the Algo document's spec, as YAML in braces. @default a server at port 8080 */
  readonly run?: string;
  /** Fields of the deployment's algo, as YAML in braces, without the outer ones. @default none */
  readonly deployed?: string;
}

/** What is particular to a pipeline under test. */
export interface PipelineUnderTest {
  readonly name?: string;
  readonly algos: readonly AlgoUnderTest[];
  /** Fields of the endpoint beside its paths, without outer braces. @default none */
  readonly endpoint?: string;
  /** Fields of the endpoint's path `texts`, without outer braces. @default none */
  readonly path?: string;
  /** Receivers of messages of the algos that nobody else reads. @default none */
  readonly webHooks?: readonly string[];
  /** Resources of containers whose document states none. @default the planner's own */
  readonly pipelineDefaults?: PipelineDefaults;
}

/** The ways to run an algo, as documents say it. */
export const run = {
  server:
    "executor: http, inputs: [{ name: In, inputDeliveryType: Http, httpPort: 8080, contentTypes: [text/plain] }], outputs: [{ name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }]",
  grpcServer:
    "executor: grpc, inputs: [{ name: In, inputDeliveryType: Grpc, grpc: { port: 50051 }, contentTypes: [text/plain] }], outputs: [{ name: Out, outputDeliveryType: HttpResponse, contentType: text/plain }]",
  program:
    "executor: Executable, inputs: [{ name: In, inputDeliveryType: StdIn, contentTypes: [text/plain] }], outputs: [{ name: Out, outputDeliveryType: StdOut, contentType: text/plain }]",
  client:
    "executor: Delegated, inputs: [{ name: In, inputDeliveryType: KafkaTopic, contentTypes: [text/plain] }], outputs: [{ name: Out, outputDeliveryType: KafkaTopic, contentType: text/plain }]",
} as const;

/** Plans a pipeline of `acme`, from documents, by the real planner. Its algos are called `acme-{name}-1-0-1`. */
export function planUnderTest(pipeline: PipelineUnderTest): PipelinePlan {
  const text = [...pipeline.algos.map(algoDocument), deploymentDocument(pipeline)].join("---\n");
  const facts = {
    kafka: { brokerCount: 3, defaultReplicationFactor: 3 },
    gpu: { resourceName: "nvidia.com/gpu" },
    consumerLag: { source: "keda" } as const,
    ...(pipeline.pipelineDefaults && { pipelineDefaults: pipeline.pipelineDefaults }),
  };
  const { plans, problems } = planPipelines(parseDocuments([{ file: "test.yaml", text }]), facts);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  const [plan] = plans;
  assert.ok(plan);
  return plan;
}

/** Name of an algo's component in the plan. */
export function componentOf(algo: string): string {
  return `acme-${algo}-1-0-1`;
}

function algoDocument({ name, run: fields = run.server }: AlgoUnderTest): string {
  return `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: ${name} }
spec: { owner: acme, name: ${name}, versions: [{ versionTag: "1.0", image: { repository: registry.example/acme/${name}, tag: "1.0" }, entrypoint: /bin/${name} --serve }], ${fields} }
`;
}

function deploymentDocument({
  name = "texts",
  algos,
  endpoint,
  path,
  webHooks = [],
}: PipelineUnderTest): string {
  const readByAlgos = new Set(algos.flatMap(({ reads = ["Endpoint"] }) => reads));
  const last = algos.filter((algo) => !readByAlgos.has(algo.name));
  const pipes = [
    ...algos.flatMap(({ name: reader, reads = ["Endpoint"] }) =>
      reads.map((source) => pipe(source, `acme/${reader}:1.0[1]`, "In")),
    ),
    ...last.map((algo) => pipe(algo.name, "EventHook", "results")),
  ];
  const deployed = algos.map(
    (algo) =>
      `  - { algoRef: { name: ${algo.name} }, version: "1.0", index: 1${algo.deployed === undefined ? "" : `, ${algo.deployed}`} }\n`,
  );
  return `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
metadata: { name: ${name} }
spec:
  deploymentOwner: acme
  deploymentName: ${name}
  pipelineOwner: acme
  pipelineName: ${name}
  pipelineVersionTag: "1.0"
  endpoint: { paths: [{ name: texts, contentType: text/plain${path === undefined ? "" : `, ${path}`} }]${endpoint === undefined ? "" : `, ${endpoint}`} }
  algos:
${deployed.join("")}  eventHook: { webHooks: [${webHooks.join(", ")}] }
  pipes:
${pipes.join("")}`;
}

function pipe(source: string, destination: string, input: string): string {
  const [sourceName, output] = source === "Endpoint" ? [source, "texts"] : [`acme/${source}:1.0[1]`, "Out"];
  return `  - { sourceName: "${sourceName}", sourceOutputName: ${output}, destName: "${destination}", destInputName: ${input} }\n`;
}
