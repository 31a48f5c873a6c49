import { servedSpec } from "./base-documents";
import { field, honoured, type PartField } from "./covered-field";

type Fields = Readonly<Record<string, unknown>>;

/** An algo with other ports, executor or deliveries. */
function variant(name: string, executor: string, input: Fields, output: Fields): Fields {
  return {
    ...servedSpec(name),
    executor,
    inputs: [{ name: "In", contentTypes: [], ...input }],
    outputs: [{ name: "texts", contentType: "text/plain", ...output }],
  };
}

/** What an algo is; `name` is that of the base document's. */
export function algoSpecFields(name: string): readonly PartField[] {
  const program = (input: Fields, output: Fields = { outputDeliveryType: "StdOut" }): Fields =>
    variant(name, "Executable", input, output);
  const withFiles = (fileParameter: Fields): Fields =>
    program({ inputDeliveryType: "FileArrayParameter", fileParameter });
  const grpc = (fields: Fields): Fields =>
    variant(
      name,
      "grpc",
      { inputDeliveryType: "Grpc", grpc: fields },
      { outputDeliveryType: "HttpResponse" },
    );
  const swap = (path: string, meaning: string, before: Fields, after: Fields): PartField =>
    field("honoured", path, meaning, { at: "", before, after });
  return [
    honoured("owner", "owner of the algo; names and labels", "other"),
    honoured("name", "name of the algo; names, labels and topics", "other"),
    swap(
      "executor",
      "what runs the algo; Spark, KafkaStreams, ksql and Faust are refused",
      program({ inputDeliveryType: "StdIn" }),
      variant(name, "Delegated", { inputDeliveryType: "KafkaTopic" }, { outputDeliveryType: "KafkaTopic" }),
    ),
    honoured("gpuEnabled", "GPUs for each pod", true),
    honoured("versions[].versionTag", "version that a deployment asks for", "1.0.1"),
    swap("versions[].latest", "version that latest means", servedSpec(name), {
      ...servedSpec(name),
      versions: otherLatest(name),
    }),
    honoured("versions[].entrypoint", "program and its arguments", "/serve --fast"),
    honoured("versions[].image.repository", "image without its tag", "ghcr.io/acme/other"),
    honoured("versions[].image.tag", "tag of the image", "1.0.1"),
    honoured("versions[].image.imagePullPolicy", "when the image is pulled", "Always"),
    honoured("parameters[].name", "flag, or key of the query string", "level"),
    honoured("parameters[].value", "value of the parameter", "slow"),
    honoured("parameters[].sortOrder", "place among the parameters", 7),
    honoured("parameters[].required", "whether it must have a value", true),
    honoured("inputs[].name", "name of the input", "Other"),
    field("checked", "inputs[].isRequired", "a required input must have a pipe", {
      at: "inputs[].isRequired",
      after: true,
      saidAt: "spec.algos",
    }),
    honoured("inputs[].inputDeliveryType", "how a message reaches the algo", "Https"),
    field("honoured", "inputs[].contentTypes[]", "content types that it accepts", {
      at: "inputs[1].contentTypes",
      after: ["text/plain"],
    }),
    honoured("inputs[].http.verb", "verb of the request", "PUT"),
    honoured("inputs[].http.port", "port of the server", 9090),
    honoured("inputs[].http.path", "path of the request", "/in"),
    field("honoured", "inputs[].http.headers.{}", "header of the request", {
      at: "inputs[0].http.headers",
      after: { Accept: "text/plain" },
    }),
    swap("inputs[].grpc.port", "port of the server", grpc({ port: 50051 }), grpc({ port: 50052 })),
    swap("inputs[].grpc.protofile", "description of the service", grpc({}), grpc({ protofile: "in.proto" })),
    swap(
      "inputs[].fileParameter.parameter",
      "flag that file names follow",
      withFiles({ parameter: "--in" }),
      withFiles({ parameter: "--from" }),
    ),
    swap(
      "inputs[].fileParameter.delimiter",
      "what is between file names",
      withFiles({ delimiter: "," }),
      withFiles({ delimiter: ";" }),
    ),
    honoured("outputs[].contentType", "content type of the results", "text/html"),
    swap(
      "outputs[].outputDeliveryType",
      "how a result leaves the algo",
      program({ inputDeliveryType: "StdIn" }),
      program({ inputDeliveryType: "StdIn" }, { outputDeliveryType: "FolderParameter" }),
    ),
    swap(
      "outputs[].parameter",
      "flag that names the place",
      program({ inputDeliveryType: "StdIn" }, { outputDeliveryType: "FileParameter", parameter: "--out" }),
      program({ inputDeliveryType: "StdIn" }, { outputDeliveryType: "FileParameter", parameter: "--to" }),
    ),
    field("honoured", "outputs[].name", "name of the output", {
      at: "outputs",
      after: [
        { name: "texts", outputDeliveryType: "HttpResponse", contentType: "text/plain" },
        { name: "More", outputDeliveryType: "HttpResponse", contentType: "text/plain" },
      ],
    }),
  ];
}

function otherLatest(name: string): unknown {
  const { versions } = servedSpec(name);
  return Array.isArray(versions)
    ? versions.map((version: object, index) => ({ ...version, latest: index === 1 }))
    : versions;
}
