import assert from "node:assert/strict";
import { Pipeline } from "../../../components/pipeline/pipeline";
import type { PipelineArgs } from "../../../components/pipeline/pipeline-args";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import { deploy, type Deployed, type DeployOptions, type RegisteredResource } from "../../harness/deploy";
import { planUnderTest, run, type PipelineUnderTest } from "./plans-under-test";
import { platformUnderTest } from "./platform-under-test";

/** texts → split → count and translate → webhook: a server, a program, and a server of gRPC. */
export const fanOut: PipelineUnderTest = {
  algos: [
    { name: "split" },
    { name: "count", reads: ["split"], run: run.program },
    { name: "translate", reads: ["split"], run: run.grpcServer },
  ],
  webHooks: ["{ pipelineHookInputName: results, webHookUrl: 'https://hooks.example/results' }"],
};

/** Registers pipelines in one program, and gives them with everything that they are made of. */
export async function deployPlans(
  plans: readonly PipelinePlan[],
  args: Partial<PipelineArgs> = {},
  options: DeployOptions = {},
): Promise<Deployed<Pipeline[]>> {
  return deploy(() => {
    const platform = platformUnderTest();
    return plans.map((plan) => {
      const common = { plan, platform, podDefaults: {}, retainData: true };
      return new Pipeline(plan.name, { ...common, ...args });
    });
  }, options);
}

/** Everything that one pipeline is made of. */
export async function resourcesOf(
  pipeline: PipelineUnderTest,
  args: Partial<PipelineArgs> = {},
): Promise<readonly RegisteredResource[]> {
  return (await deployPlans([planUnderTest(pipeline)], args)).resources;
}

/** Resources of a type; the end of its token is enough, such as `:Acl`. */
export function ofType(resources: readonly RegisteredResource[], end: string): readonly RegisteredResource[] {
  return resources.filter(({ type }) => type.endsWith(end));
}

/** The one resource of a type and a logical name. */
export function theOne(
  resources: readonly RegisteredResource[],
  end: string,
  name: string,
): RegisteredResource {
  const [found, ...others] = ofType(resources, end).filter((resource) => resource.name === name);
  assert.ok(found, `${end} ${name} is not there`);
  assert.deepEqual(others, []);
  return found;
}
