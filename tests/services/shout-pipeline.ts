import { planOf } from "../model/documents-under-test";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";

/** Parts of the pipeline's document that a test decides. */
export interface ShoutOptions {
  /** Lines of the algo's entry in `algos`, and of its `spec`, as YAML in one line each. */
  readonly algo?: string;
  readonly executor?: "http" | "Executable" | "grpc";
  /** The input without its name, as YAML in one line. */
  readonly input: string;
  readonly output?: string;
  /** The algo's `entrypoint`. */
  readonly entrypoint?: string;
  readonly partitions?: number;
  readonly pipeDataType?: "Embedded" | "FileReference";
  readonly webHooks?: string;
}

/** Topics of the pipeline, and the name of its algo. */
export const shout = {
  input: "algorun.acme.shout.endpoint.0.texts",
  output: "algorun.acme.shout.upper.1.upper",
  algo: "acme-upper-1-0-1",
} as const;

/** Texts go through an algo, and on to a webhook. */
export function shoutPlan({
  algo = "timeoutSeconds: 10",
  executor = "http",
  input,
  output = "outputDeliveryType: HttpResponse, contentType: text/plain",
  entrypoint,
  partitions = 6,
  pipeDataType = "Embedded",
  webHooks = '{ pipelineHookInputName: upper, webHookUrl: "https://hooks.acme.example/upper" }',
}: ShoutOptions): PipelinePlan {
  return planOf(`apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: shout
  pipelineOwner: acme
  pipelineName: shout
  pipelineVersionTag: "1.0"
  endpoint:
    paths:
      - name: texts
        messageDataType: ${pipeDataType}
        topic: { outputName: texts, partitions: ${partitions} }
  algos:
    - version: "1.0"
      ${algo}
      topics: [{ outputName: Upper, partitions: ${partitions} }]
      spec:
        owner: acme
        name: upper
        executor: ${executor}
        versions:
          - versionTag: "1.0"
            image: { repository: acme/upper, tag: "1.0" }${entrypoint === undefined ? "" : `\n            entrypoint: ${JSON.stringify(entrypoint)}`}
        parameters: [{ name: locale, value: en }, { name: quiet, sortOrder: 1 }]
        inputs: [{ name: Text, ${input} }]
        outputs: [{ name: Upper, ${output} }]
  eventHook:
    webHooks: [${webHooks}]
  pipes:
    - { sourceName: Endpoint, sourceOutputName: texts, destName: "acme/upper:1.0[1]", destInputName: Text }
    - sourceName: "acme/upper:1.0[1]"
      sourceOutputName: Upper
      sourceOutputMessageDataType: ${pipeDataType}
      destName: EventHook
      destInputName: upper
`);
}
