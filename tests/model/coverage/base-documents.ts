/** Kinds of the original's format. */
export type Kind = "PipelineDeployment" | "Algo" | "DataConnector";

const image = (name: string): object => ({ repository: `ghcr.io/acme/${name}`, tag: "1.0.0" });

/** An algo that is a server, as an Algo document and inside a deployment have it. */
export const servedSpec = (name: string): Readonly<Record<string, unknown>> => ({
  owner: "acme",
  name,
  executor: "http",
  versions: [
    { versionTag: "1.0.0", latest: true, image: image(name), entrypoint: "/serve" },
    { versionTag: "2.0.0", image: image(name), entrypoint: "/serve" },
  ],
  parameters: [{ name: "mode", value: "fast" }],
  inputs: [
    { name: "In", inputDeliveryType: "Http", contentTypes: [], http: {} },
    { name: "Spare", inputDeliveryType: "Http", contentTypes: [] },
  ],
  // Named like a path of the endpoint, so that a pipe's source can change and nothing else.
  outputs: [{ name: "texts", outputDeliveryType: "HttpResponse", contentType: "text/plain" }],
});

const algo = (name: string): object => ({
  apiVersion: "algo.run/v1beta1",
  kind: "Algo",
  metadata: { name, labels: { tier: name } },
  spec: servedSpec(name),
});

/** No pipe leads to them, so that whatever pipes name may change. */
const looseAlgos = [
  { algoRef: { name: "served" }, version: "latest", index: 5 },
  { algoRef: { matchLabels: { tier: "served" } }, version: "latest", index: 6 },
  { spec: servedSpec("inline"), version: "latest", index: 7 },
];

/** A connector that brings data in, as a DataConnector document and inside a deployment have it. */
const sourceSpec = (name: string): Readonly<Record<string, unknown>> => ({
  dataConnectorType: "Source",
  name,
  connectorClass: "com.acme.RowSource",
  versions: [
    { versionTag: "1.0.0", image: image(name) },
    { versionTag: "2.0.0", image: { ...image(name), tag: "2.0.0" } },
  ],
});

const connector = (name: string): object => ({
  apiVersion: "algo.run/v1beta1",
  kind: "DataConnector",
  metadata: { name, labels: { tier: name } },
  spec: sourceSpec(name),
});

const rows = { version: "1.0.0", egress: [], topics: [{ outputName: "rows" }] };

/** A pipe leads from the first; of the others, whatever pipes name may change. */
const connectors = [
  { ...rows, dataConnectorRef: { name: "piped-rows" }, index: 1 },
  { ...rows, dataConnectorRef: { name: "loose-rows" }, index: 5 },
  { ...rows, dataConnectorRef: { matchLabels: { tier: "loose-rows" } }, index: 6 },
  { ...rows, spec: sourceSpec("inline"), index: 7 },
];

/** Pipes lead to it, and it tries messages again. */
const piped = {
  algoRef: { name: "piped" },
  version: "1.0.0",
  retryEnabled: true,
  retryStrategy: { strategy: "Simple", steps: [{ backoffDuration: "10s" }] },
};

const deployment = {
  apiVersion: "algo.run/v1beta1",
  kind: "PipelineDeployment",
  spec: {
    deploymentOwner: "acme",
    deploymentName: "whole",
    pipelineOwner: "acme",
    pipelineName: "whole",
    pipelineVersionTag: "1.0",
    endpoint: {
      paths: [
        { name: "texts", messageDataType: "FileReference", topic: { outputName: "texts" } },
        { name: "calls", topic: { outputName: "calls" } },
        { name: "loose" },
      ],
    },
    algos: [
      { ...piped, index: 1, topics: [{ outputName: "texts" }] },
      { ...piped, index: 2, ownRetryTopics: true },
      ...looseAlgos,
    ],
    dataConnectors: connectors,
    eventHook: {
      webHooks: [{ pipelineHookInputName: "done", webHookUrl: "https://hooks.acme.example/done" }],
    },
    pipes: [
      pipe("Endpoint", "texts", "acme/piped:1.0.0[1]", "In"),
      pipe("Endpoint", "calls", "acme/piped:1.0.0[2]", "In"),
      pipe("acme/piped:1.0.0[1]", "texts", "EventHook", "done"),
      pipe("Endpoint", "calls", "EventHook", "other"),
      pipe("acme/piped:1.0.0[1]", "texts", "acme/piped:1.0.0[2]", "In"),
      pipe("piped-rows:1.0.0[1]", "rows", "acme/piped:1.0.0[2]", "In"),
    ],
  },
};

function pipe(sourceName: string, sourceOutputName: string, destName: string, destInputName: string): object {
  return { sourceName, sourceOutputName, destName, destInputName };
}

/** The document of each kind in which fields are changed. */
export const baseDocuments: Readonly<Record<Kind, object>> = {
  PipelineDeployment: deployment,
  Algo: algo("served"),
  DataConnector: connector("loose-rows"),
};

/** What stands beside them. */
export const furtherDocuments: readonly object[] = [algo("piped"), connector("piped-rows")];
