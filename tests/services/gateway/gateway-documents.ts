import type { JsonObject } from "../../../pipelines/model/plan/plan";
import type { EndpointPlan } from "../../../pipelines/model/plan/plan";
import { endpointOf, planOf } from "../../model/documents-under-test";

const paths = [
  "{ name: texts, contentType: text/plain, isDefault: true, maxBodySize: 64Ki }",
  "{ name: anything }",
  "{ name: photos, contentType: image/any, messageDataType: FileReference, maxBodySize: 4Gi }",
  "{ name: frames, contentType: image/jpeg, endpointType: gRPC }",
  "{ name: clips, contentType: video/mp4, messageDataType: FileReference, endpointType: gRPC, maxBodySize: 20Mi }",
];

/** The endpoint of a deployment with paths of all kinds, as it is planned. */
export function endpointUnderTest(fields = ""): EndpointPlan {
  const names = paths.map((path) => /name: (?<name>\w+)/.exec(path)?.groups?.["name"] ?? "");
  return endpointOf(
    planOf(`apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: orders
  pipelineOwner: acme
  pipelineName: orders
  pipelineVersionTag: "1.0"
  storageBucket: acme.orders
  endpoint:
    ${fields}
    paths:
${paths.map((path) => `      - ${path}`).join("\n")}
  eventHook:
    webHooks:
${names.map((name) => `      - { pipelineHookInputName: ${name}, webHookUrl: "https://hooks.acme.example/" }`).join("\n")}
  pipes:
${names.map((name) => `    - { sourceName: Endpoint, sourceOutputName: ${name}, destName: EventHook, destInputName: ${name} }`).join("\n")}
`),
  );
}

/** Kafka's topic of a path. */
export function topicOf(path: string): string {
  return `algorun.acme.orders.endpoint.0.${path}`;
}

/** A configuration whose absolute paths lie below a folder, as a pod's mounts are laid down for a process. */
export function movedBelow(folder: string, config: JsonObject): string {
  return JSON.stringify(config).replaceAll(/"(?<path>\/(?:var|etc)\/[^"]*)"/g, (_match, path: string) =>
    JSON.stringify(`${folder}${path}`),
  );
}
