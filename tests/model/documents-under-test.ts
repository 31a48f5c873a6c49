import assert from "node:assert/strict";
import { parseDocuments } from "../../pipelines/model/document/documents";
import type {
  AlgoComponentPlan,
  EndpointPlan,
  EventHookPlan,
  PipelinePlan,
} from "../../pipelines/model/plan/plan";
import { planPipelines, type PlanningResult } from "../../pipelines/model/plan-pipelines";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import { DocumentError, formatProblem } from "../../pipelines/model/document/problem";

/** A platform of three brokers, with GPUs and KEDA. */
export const platform: PlatformFacts = {
  kafka: { bootstrapServers: "kafka:9092", brokerCount: 3, defaultReplicationFactor: 3 },
  gpu: { resourceName: "nvidia.com/gpu" },
  consumerLag: { source: "keda" },
};

/** An algo and a deployment without fault, to break in one place. Line 1 is the apiVersion of the Algo. */
export const soundText = `apiVersion: algo.run/v1beta1
kind: Algo
metadata:
  name: upper-case
  labels: { team: text }
spec:
  owner: acme
  name: upper-case
  executor: http
  versions:
    - versionTag: "1.0.0"
      latest: true
      image: { repository: ghcr.io/acme/upper-case, tag: "1.0.0" }
      entrypoint: /opt/upper --port 8080
  inputs:
    - name: Text
      isRequired: true
      inputDeliveryType: Http
      contentTypes: [text/plain]
  outputs:
    - name: Upper
      outputDeliveryType: HttpResponse
      contentType: text/plain
---
apiVersion: algo.run/v1beta1
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
        contentType: text/plain
  algos:
    - algoRef: { name: upper-case }
      version: "1.0.0"
      index: 1
  eventHook:
    webHooks:
      - pipelineHookInputName: upper
        webHookUrl: https://hooks.acme.example/upper
  pipes:
    - sourceName: Endpoint
      sourceOutputName: texts
      destName: acme/upper-case:1.0.0[1]
      destInputName: Text
    - sourceName: acme/upper-case:1.0.0[1]
      sourceOutputName: Upper
      destName: EventHook
      destInputName: upper
`;

/** The sound documents with one passage replaced; the passage must be there exactly once. */
export function broken(passage: string, replacement: string): string {
  if (soundText.split(passage).length !== 2)
    throw new Error(`not exactly once in the sound documents: ${passage}`);
  return soundText.replace(passage, () => replacement);
}

/** Plans one file of text. */
export function planText(text: string, facts: PlatformFacts = platform): PlanningResult {
  return planPipelines(parseDocuments([{ file: "shout.yaml", text }]), facts);
}

/** Errors and warnings of one file, each as one line. */
export function problemsOf(text: string, facts: PlatformFacts = platform): readonly string[] {
  return planText(text, facts).problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`);
}

/** The only plan of one file that must have no errors. */
export function planOf(text: string, facts: PlatformFacts = platform): PipelinePlan {
  const { plans, problems } = planText(text, facts);
  if (problems.some(({ severity }) => severity === "error")) throw new DocumentError(problems);
  const [plan, ...others] = plans;
  if (plan === undefined || others.length > 0) throw new Error(`found ${plans.length} plans, expected one`);
  return plan;
}

/**
 * One test for each fault.
 *
 * @param table what is wrong, the documents with it, and every line that their author sees
 */
export function describeFaults(
  title: string,
  table: readonly (readonly [fault: string, text: string, want: readonly string[]])[],
): void {
  describe(title, () => {
    for (const [fault, text, want] of table) {
      it(`are reported: ${fault}`, () => {
        assert.deepEqual(problemsOf(text), want);
      });
    }
  });
}

/** The first algo of a plan. */
export function algoOf(plan: PipelinePlan): AlgoComponentPlan {
  const algo = plan.components.find((component) => component.kind === "algo");
  assert.ok(algo);
  return algo;
}

/** The endpoint of a plan. */
export function endpointOf(plan: PipelinePlan): EndpointPlan {
  const endpoint = plan.components.find((component) => component.kind === "endpoint");
  assert.ok(endpoint);
  return endpoint;
}

/** The event hook of a plan. */
export function hookOf(plan: PipelinePlan): EventHookPlan {
  const hook = plan.components.find((component) => component.kind === "eventHook");
  assert.ok(hook);
  return hook;
}

/** The sound documents with a field more in the algo of the deployment. */
export const withAlgoField = (field: string): string =>
  broken("      index: 1\n", `      index: 1\n      ${field}\n`);
/** The sound documents with a field more in the path of the endpoint. */
export const withPathField = (field: string): string =>
  broken("      - name: texts\n", `      - name: texts\n        ${field}\n`);
/** The sound documents with a field more in the endpoint. */
export const withEndpointField = (field: string): string =>
  broken("  endpoint:\n", `  endpoint:\n    ${field}\n`);
