import fc from "fast-check";
import { connectorEntry, connectorReferenceOf, type GeneratedConnector } from "./generated-connector";
import { parseDocuments, type Documents } from "../../pipelines/model/document/documents";

interface GeneratedAlgo {
  readonly name: string;
  readonly index: number;
  readonly executor: "Executable" | "http" | "Delegated";
  readonly inputs: number;
  readonly outputs: number;
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Whether its autoscaler follows its lag, where it has both. */
  readonly followsLag: boolean;
  readonly writeAllOutputs: boolean;
  /** 0: it uses none. */
  readonly gpus: number;
  /** Undefined: what fails is not tried again. */
  readonly retry?: GeneratedRetry | undefined;
  readonly ownRetryTopics?: boolean;
}

/** How messages are tried again. */
export interface GeneratedRetry {
  readonly strategy: "Simple" | "RetryTopics";
  readonly steps: readonly {
    readonly index: number;
    readonly backoffDuration: string;
    readonly repeat: number;
  }[];
  readonly deadLetterSuffix?: string | undefined;
}

/** A deployment, as plain numbers and names. */
export interface GeneratedPipeline {
  readonly owner: string;
  readonly name: string;
  readonly paths: readonly {
    readonly byReference: boolean;
    readonly type: "HTTP" | "gRPC" | "RTMP";
    /** Over the retry of each algo that reads the path. */
    readonly override?: GeneratedRetry | undefined;
  }[];
  readonly algos: readonly GeneratedAlgo[];
  /** A source feeds the event hook, a sink reads the first path. */
  readonly connectors?: readonly GeneratedConnector[];
  /** Indexes into the outputs and inputs of the whole pipeline, taken modulo their number. */
  readonly pipes: readonly (readonly [output: number, input: number])[];
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,30}([._-][a-zA-Z0-9]{1,30})?$/);

const algoArbitrary: fc.Arbitrary<GeneratedAlgo> = fc.record({
  name: word,
  index: fc.integer({ min: 1, max: 3 }),
  executor: fc.constantFrom("Executable", "http", "Delegated"),
  inputs: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 0, max: 3 }),
  replicas: fc.integer({ min: 1, max: 5 }),
  maxReplicas: fc.integer({ min: 0, max: 9 }),
  followsLag: fc.boolean(),
  writeAllOutputs: fc.boolean(),
  gpus: fc.integer({ min: 0, max: 2 }),
});

/** Pieces of media streams are never in messages. */
const pathArbitrary = fc
  .record({ byReference: fc.boolean(), type: fc.constantFrom("HTTP", "gRPC", "RTMP") })
  .map(({ byReference, type }) => ({ byReference: byReference || type === "RTMP", type }));

/** Deployments without fault: each algo has a name of its own, so that automatic topics never clash. */
export const pipelineArbitrary: fc.Arbitrary<GeneratedPipeline> = fc.record({
  owner: word,
  name: word,
  paths: fc.array(pathArbitrary, { minLength: 1, maxLength: 3 }),
  algos: fc.uniqueArray(algoArbitrary, {
    maxLength: 4,
    selector: ({ name }) => name.toLowerCase().replace(/[._]/g, "-"),
  }),
  pipes: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 10 }),
});

const deliveries = {
  Executable: { input: "StdIn", output: "StdOut" },
  http: { input: "Http", output: "HttpResponse" },
  Delegated: { input: "KafkaTopic", output: "KafkaTopic" },
};

interface Port {
  readonly component: string;
  readonly port: string;
}

function count<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}

const hookInput: Port = { component: "EventHook", port: "done" };
const firstPath: Port = { component: "Endpoint", port: "path-0" };

/** The pipes of a pipeline, each once, as what they join. */
export function pipesOf({
  paths,
  algos,
  pipes,
  connectors = [],
}: GeneratedPipeline): readonly { from: Port; to: Port }[] {
  const outputs = [
    ...count(paths.length, (index) => ({ component: "Endpoint", port: `path-${index}` })),
    ...algos.flatMap((a) =>
      count(a.outputs, (index) => ({ component: referenceOf(a), port: `Out-${index}` })),
    ),
  ];
  const inputs = [
    ...algos.flatMap((a) => count(a.inputs, (index) => ({ component: referenceOf(a), port: `In ${index}` }))),
    hookInput,
  ];
  const connected = connectors.map((each) => {
    const component = connectorReferenceOf(each);
    return each.type === "Source"
      ? { from: { component, port: "rows" }, to: hookInput }
      : { from: firstPath, to: { component, port: "documents" } };
  });
  const joined = pipes.flatMap(([output, input]) => {
    const from = outputs[output % outputs.length];
    const to = inputs[input % inputs.length];
    return from === undefined || to === undefined ? [] : [{ from, to }];
  });
  return [...new Map([...joined, ...connected].map((pipe) => [JSON.stringify(pipe), pipe])).values()];
}

/** An algo as pipes name it. */
export function referenceOf({ name, index }: Pick<GeneratedAlgo, "name" | "index">): string {
  return `vendor/${name}:1.0[${index}]`;
}

/**
 * The documents of a pipeline.
 *
 * @param turned turns all lists around
 * @param prefix of the Algo documents' names, to tell those of two pipelines apart
 */
export function documentsOf(pipeline: GeneratedPipeline, turned = false, prefix = ""): Documents {
  const list = <T>(items: readonly T[]): T[] => (turned ? [...items].reverse() : [...items]);
  const algoDocuments = pipeline.algos.map((generated) => ({
    apiVersion: "algo.run/v1beta1",
    kind: "Algo",
    metadata: { name: `${prefix}${generated.name}` },
    spec: {
      owner: "vendor",
      name: generated.name,
      executor: generated.executor,
      gpuEnabled: generated.gpus > 0,
      versions: [
        { versionTag: "1.0", image: { repository: "ghcr.io/vendor/any", tag: "1.0" }, entrypoint: "/run" },
      ],
      inputs: list(
        count(generated.inputs, (index) => ({
          name: `In ${index}`,
          inputDeliveryType: deliveries[generated.executor].input,
          contentTypes: [],
        })),
      ),
      outputs: list(
        count(generated.outputs, (index) => ({
          name: `Out-${index}`,
          outputDeliveryType: deliveries[generated.executor].output,
          contentType: "text/plain",
        })),
      ),
    },
  }));
  const files = list([deploymentOf(pipeline, list, prefix), ...algoDocuments]);
  return parseDocuments(
    files.map((document, index) => ({ file: `${index}.yaml`, text: JSON.stringify(document) })),
  );
}

function deploymentOf(
  pipeline: GeneratedPipeline,
  list: <T>(items: readonly T[]) => T[],
  prefix: string,
): object {
  return {
    apiVersion: "algo.run/v1beta1",
    kind: "PipelineDeployment",
    spec: {
      deploymentOwner: pipeline.owner,
      deploymentName: pipeline.name,
      pipelineOwner: pipeline.owner,
      pipelineName: pipeline.name,
      pipelineVersionTag: "1.0",
      endpoint: {
        paths: list(
          pipeline.paths.map(({ byReference, type, override }, index) => ({
            name: `path-${index}`,
            ...(override !== undefined && {
              topic: {
                outputName: `path-${index}`,
                autoPartition: true,
                overrideRetryStrategy: true,
                retryStrategy: { ...override, steps: list(override.steps) },
              },
            }),
            endpointType: type,
            messageDataType: byReference ? "FileReference" : "Embedded",
          })),
        ),
      },
      algos: list(pipeline.algos.map((generated) => algoEntry(generated, pipeline, { list, prefix }))),
      dataConnectors: list((pipeline.connectors ?? []).map(connectorEntry)),
      eventHook: {},
      pipes: list(
        pipesOf(pipeline).map(({ from, to }) => ({
          sourceName: from.component,
          sourceOutputName: from.port,
          destName: to.component,
          destInputName: to.port,
        })),
      ),
    },
  };
}

function algoEntry(
  generated: GeneratedAlgo,
  pipeline: GeneratedPipeline,
  { list, prefix }: { readonly list: <T>(items: readonly T[]) => T[]; readonly prefix: string },
): object {
  const { name, index, replicas, maxReplicas, followsLag, writeAllOutputs, gpus, retry } = generated;
  const isFed = pipesOf(pipeline).some(({ to }) => to.component === referenceOf(generated));
  const lag = { sourceType: "ConsumerLag", targetType: "AverageValue", averageValue: 10 };
  return {
    ...(retry !== undefined && {
      retryEnabled: true,
      retryStrategy: { ...retry, steps: list(retry.steps) },
      ownRetryTopics: generated.ownRetryTopics,
    }),
    algoRef: { name: `${prefix}${name}` },
    version: "1.0",
    index,
    replicas,
    writeAllOutputs,
    ...(gpus > 1 && { resources: { limits: { "nvidia.com/gpu": gpus } } }),
    autoscaling: {
      enabled: maxReplicas > 0,
      maxReplicas: Math.max(maxReplicas, 1),
      metrics: followsLag && isFed ? [lag] : [],
    },
  };
}
