import { planText } from "./documents-under-test";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { DocumentError } from "../../pipelines/model/document/problem";

/** What is particular to a deployment under test. */
export interface DeploymentUnderTest {
  readonly name: string;
  /** `pipelineVersionTag`. @default 1 */
  readonly version?: string;
  /** Paths in flow style, without brackets. @default one path `texts` for text/plain */
  readonly paths?: string;
  /** Fields of the endpoint beside its paths, in flow style, without braces. @default none */
  readonly endpoint?: string;
  /** `deploymentNamespace`. @default algorun */
  readonly namespace?: string;
}

/** Documents of deployments of the pipeline acme/texts, five lines each; the endpoint is the fourth. */
export function deploymentsText(deployments: readonly DeploymentUnderTest[]): string {
  return deployments
    .map(
      ({
        name,
        version = "1",
        paths = "{ name: texts, contentType: text/plain }",
        endpoint = "replicas: 1",
        namespace = "algorun",
      }) =>
        `apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec: { deploymentOwner: acme, deploymentName: ${name}, pipelineOwner: acme, pipelineName: texts, deploymentNamespace: ${namespace}, pipelineVersionTag: "${version}",
  endpoint: { paths: [${paths}], ${endpoint} } }
`,
    )
    .join("---\n");
}

/** The plans of deployments that must have no errors, by name. */
export function plansOf(deployments: readonly DeploymentUnderTest[]): Readonly<Record<string, PipelinePlan>> {
  const { plans, problems } = planText(deploymentsText(deployments));
  if (problems.some(({ severity }) => severity === "error")) throw new DocumentError(problems);
  return Object.fromEntries(plans.map((plan) => [plan.deployment.name, plan]));
}

/** Errors of deployments, without file. */
export function faultsOf(deployments: readonly DeploymentUnderTest[]): readonly string[] {
  return planText(deploymentsText(deployments))
    .problems.filter(({ severity }) => severity === "error")
    .map(({ line, path, message }) => `${line} ${path.replace("spec.endpoint.", "")}: ${message}`);
}
