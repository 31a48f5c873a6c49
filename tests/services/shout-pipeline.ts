import { planOf } from "../model/documents-under-test";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";

/** Parts of the pipeline's document that a test decides. */
export interface ShoutOptions {
  /** Name of the deployment. @default shout */
  readonly name?: string;
  /** Fields of the algo's entry in `algos`; several by {@link lines}. */
  readonly algo?: string;
  readonly executor?: "http" | "Executable" | "grpc";
  /** The input without its name, as YAML in one line. */
  readonly input: string;
  readonly output?: string;
  /** Further outputs, from which no pipe leads, as YAML in one line. */
  readonly otherOutputs?: string;
  /** The algo's `entrypoint`. */
  readonly entrypoint?: string;
  /** The algo's `parameters`, as YAML in one line. */
  readonly parameters?: string;
  readonly partitions?: number;
  readonly pipeDataType?: "Embedded" | "FileReference";
  readonly webHooks?: string;
}

/** Topics of a deployment of the pipeline, and the name of its algo. */
export function shoutNames(deployment: string): {
  readonly input: string;
  readonly output: string;
  readonly algo: string;
} {
  return {
    input: `algorun.acme.${deployment}.endpoint.0.texts`,
    output: `algorun.acme.${deployment}.upper.1.upper`,
    algo: "acme-upper-1-0-1",
  };
}

/** Those of the deployment `shout`. */
export const shout = shoutNames("shout");

/** Fields of the algo's entry in `algos`, each as YAML in one line. */
export function lines(...fields: readonly string[]): string {
  return fields.join("\n      ");
}

/** Texts go through an algo, and on to a webhook. */
export function shoutPlan({
  name = "shout",
  algo = "timeoutSeconds: 10",
  executor = "http",
  input,
  output = "outputDeliveryType: HttpResponse, contentType: text/plain",
  otherOutputs,
  entrypoint,
  parameters = "[{ name: locale, value: en }, { name: quiet, sortOrder: 1 }]",
  partitions = 6,
  pipeDataType = "Embedded",
  webHooks = '{ pipelineHookInputName: upper, webHookUrl: "https://hooks.acme.example/upper" }',
}: ShoutOptions): PipelinePlan {
  return planOf(`apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: ${name}
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
        parameters: ${parameters}
        inputs: [{ name: Text, ${input} }]
        outputs: [{ name: Upper, ${output} }${otherOutputs === undefined ? "" : `, ${otherOutputs}`}]
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
