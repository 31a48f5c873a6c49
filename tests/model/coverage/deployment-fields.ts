import { algoSpecFields } from "./algo-fields";
import { field, honoured, under, type PartField } from "./covered-field";
import { retryFields, topicFields } from "./topic-fields";
import { imageFields, workloadFields } from "./workload-fields";

const endpoint: readonly PartField[] = [
  ...workloadFields,
  ...under("image", imageFields),
  field("honoured", "paths[].name", "last segment of the URL", { at: "paths[2].name", after: "other" }),
  honoured("paths[].isDefault", "path of requests that name none", true),
  honoured("paths[].endpointType", "HTTP, gRPC or RTMP; Kafka is refused", "gRPC"),
  honoured("paths[].messageDataType", "whether bytes travel in the message or by reference", "Embedded"),
  honoured("paths[].contentType", "content type of what is accepted", "text/plain"),
  ...under("paths[].topic", topicFields("texts")),
  honoured("server.http.listen", "port of HTTP", ":9001"),
  honoured("server.grpc.listen", "port of gRPC", ":9002"),
  honoured("server.monitoring.listen", "port of health and metrics", ":9003"),
  field("warning", "kafka.brokers[]", "the platform's brokers are used", {
    at: "kafka.brokers",
    after: ["elsewhere:9092"],
  }),
  field("honoured", "kafka.params.{}", "settings of the gateway's producer", {
    at: "kafka.params",
    after: { "linger.ms": "5" },
  }),
  honoured("producer.cb.interval", "circuit breaker", 5),
  honoured("producer.cb.timeout", "circuit breaker", "5s"),
  honoured("producer.cb.fails", "circuit breaker", 5),
  honoured("producer.cb.requests", "circuit breaker", 5),
  honoured("producer.resend.period", "how the log is sent again", "5s"),
  honoured("producer.resend.rate_limit", "how the log is sent again", 5),
  honoured("producer.wal.mode", "when the log is used", "always"),
  honoured("producer.wal.in_memory", "whether the log needs a volume", true),
  honoured("producer.wal.path", "folder of the log", "/data/wal"),
  honoured("producer.wal.size", "size of the log's volume", "2Gi"),
  ...["always_topics", "disable_topics"].map((name) =>
    field("honoured", `producer.wal.${name}[]`, "topics that the mode does not apply to", {
      at: `producer.wal.${name}`,
      after: ["algorun.acme.whole.endpoint.0.texts"],
    }),
  ),
];

const configMount = (other: object): object => ({ name: "a", mountPath: "/etc/a", data: "a", ...other });

const algo: readonly PartField[] = [
  ...workloadFields,
  field("checked", "algoRef.name", "Algo document that is meant", { at: "algoRef", after: { name: "none" } }),
  field("checked", "algoRef.matchLabels.{}", "labels of the Algo document that is meant", {
    at: "algoRef",
    after: { matchLabels: { tier: "none" } },
  }),
  ...["name", "mountPath", "data"].map((name) =>
    field("honoured", `configMounts[].${name}`, "file in the algo's container", {
      at: "configMounts",
      before: [configMount({})],
      after: [configMount({ [name]: name === "mountPath" ? "/etc/b" : "b" })],
    }),
  ),
  ...[
    field("honoured", "name", "flag, or key of the query string", {
      at: "",
      before: [{ name: "a", value: "1" }],
      after: [{ name: "b", value: "1" }],
    }),
    field("honoured", "value", "value over the algo's own", {
      at: "",
      before: [{ name: "a", value: "1" }],
      after: [{ name: "a", value: "2" }],
    }),
    field("honoured", "sortOrder", "place among the parameters", {
      at: "",
      before: [{ name: "a" }],
      after: [{ name: "a", sortOrder: 2 }],
    }),
    field("honoured", "required", "whether it must have a value", {
      at: "",
      before: [{ name: "a", value: "1" }],
      after: [{ name: "a", value: "1", required: true }],
    }),
  ].map((part) => ({
    ...part,
    path: `parameters[].${part.path}`,
    change: { ...part.change, at: "parameters" },
  })),
  honoured("timeoutSeconds", "seconds for one message", 7),
  field("honoured", "writeAllOutputs", "whether outputs without a pipe are kept", {
    at: "writeAllOutputs",
    after: true,
  }),
  ...under("algoRunnerImage", imageFields),
  ...under("topics[]", topicFields("texts")),
  field("honoured", "retryEnabled", "whether messages that failed are tried again", {
    at: "retryEnabled",
    after: false,
  }),
  ...under("retryStrategy", retryFields),
];

const looseAlgo: readonly PartField[] = [
  honoured("version", "version of the algo", "2.0.0"),
  honoured("index", "which of several", 9),
];

const eventHook: readonly PartField[] = [
  ...workloadFields,
  honoured("webHooks[].pipelineHookInputName", "input that the webhook listens to", "other"),
  honoured("webHooks[].webHookUrl", "where messages are sent", "https://hooks.acme.example/other"),
  honoured("webHooks[].httpVerb", "verb of the request", "PUT"),
  honoured("webHooks[].httpHeaders", "headers of the request", "A: b"),
  ...under("image", imageFields),
];

const pipe: readonly PartField[] = [
  honoured("sourceName", "component that the pipe leads from", "acme/piped:1.0.0[2]"),
  honoured("sourceOutputName", "output that the pipe leads from", "calls"),
  honoured("destName", "component that the pipe leads to", "acme/piped:1.0.0[2]"),
  honoured("destInputName", "input that the pipe leads to", "Spare"),
  field("checked", "sourceComponentType", "kind of the source", { at: "sourceComponentType", after: "Algo" }),
  field("checked", "destComponentType", "kind of the destination", {
    at: "destComponentType",
    after: "EventHook",
  }),
];

/** What a deployment is, without its data connectors. */
export const deploymentFields: readonly PartField[] = [
  honoured("deploymentNamespace", "first part of the namespace", "plants"),
  honoured("deploymentOwner", "identity of the deployment", "other"),
  honoured("deploymentName", "identity of the deployment", "other"),
  honoured("pipelineOwner", "which pipeline it is", "other"),
  honoured("pipelineName", "which pipeline it is", "other"),
  honoured("pipelineVersionTag", "which pipeline it is", "1.1"),
  field("warning", "kafkaBrokers", "the platform's brokers are used", {
    at: "kafkaBrokers",
    after: "elsewhere:9092",
  }),
  honoured("storageBucket", "bucket of messages by reference", "acme-texts"),
  ...under("endpoint", endpoint),
  ...under("algos[]", algo),
  ...under("algos[]", looseAlgo, "algos[2]"),
  ...under("algos[].spec", algoSpecFields("inline"), "algos[4].spec"),
  ...under("eventHook", eventHook),
  ...under("pipes[]", pipe),
  field("honoured", "pipes[].sourceOutputMessageDataType", "how an algo's output travels", {
    at: "pipes[2].sourceOutputMessageDataType",
    after: "FileReference",
  }),
];
