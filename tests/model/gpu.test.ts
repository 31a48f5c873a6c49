import assert from "node:assert/strict";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import { algoOf, broken, planOf, platform, problemsOf, soundText } from "./documents-under-test";

const withoutGpus: PlatformFacts = { kafka: platform.kafka };

/** The sound documents, whose algo may use GPUs, with resources of the deployment's algo. */
function gpuText(resources?: string, enabled = true): string {
  const text = broken("  executor: http\n", `  executor: http\n  gpuEnabled: ${enabled}\n`);
  return resources === undefined
    ? text
    : text.replace("      index: 1\n", `      index: 1\n      resources: ${resources}\n`);
}

describe("the GPUs of an algo", () => {
  it("are none unless it asks for some", () => {
    assert.equal(algoOf(planOf(soundText)).gpu, undefined);
  });

  it("are one for each pod, or as many as its resources say", () => {
    const gpus = (resources?: string): unknown => algoOf(planOf(gpuText(resources))).gpu;
    assert.deepEqual(gpus(), { resourceName: "nvidia.com/gpu", count: 1 });
    assert.deepEqual(gpus("{ limits: { memory: 1Gi } }"), { resourceName: "nvidia.com/gpu", count: 1 });
    for (const list of ["limits", "requests"])
      assert.deepEqual(gpus(`{ ${list}: { nvidia.com/gpu: 4 } }`), {
        resourceName: "nvidia.com/gpu",
        count: 4,
      });
  });

  it("are called what the platform calls them", () => {
    const facts: PlatformFacts = { ...platform, gpu: { resourceName: "amd.com/gpu" } };
    assert.deepEqual(algoOf(planOf(gpuText(), facts)).gpu, { resourceName: "amd.com/gpu", count: 1 });
  });

  const faults: readonly (readonly [fault: string, text: string, facts: PlatformFacts, want: string])[] = [
    [
      "on a platform that has none, with the config key that says so",
      gpuText(),
      withoutGpus,
      "error shout.yaml:10 spec.gpuEnabled: found true, but the platform has no GPUs: set algorun:gpu in the stack's config to say which nodes have some, or remove gpuEnabled to run the algo on CPU",
    ],
    [
      "that are no whole number",
      gpuText("{ limits: { nvidia.com/gpu: 500m } }"),
      platform,
      "error shout.yaml:42 spec.algos[0].resources.limits.nvidia.com/gpu: found 500m, expected a whole number from 1",
    ],
    [
      "of which fewer are requested",
      gpuText("{ limits: { nvidia.com/gpu: 2 }, requests: { nvidia.com/gpu: 1 } }"),
      platform,
      "error shout.yaml:42 spec.algos[0].resources.limits.nvidia.com/gpu: found 2, but requests says 1; GPUs can't be shared, so make them the same",
    ],
    [
      "of another make than the platform's",
      gpuText("{ limits: { amd.com/gpu: 1 } }"),
      platform,
      "error shout.yaml:42 spec.algos[0].resources.limits.amd.com/gpu: found amd.com/gpu, expected nvidia.com/gpu, which the platform's GPUs are",
    ],
    [
      "that the algo does not say it uses",
      gpuText("{ limits: { nvidia.com/gpu: 1 } }", false),
      platform,
      "error shout.yaml:42 spec.algos[0].resources.limits.nvidia.com/gpu: found nvidia.com/gpu, but acme/upper-case:1.0.0[1] has no gpuEnabled: true; add it to the algo, or remove nvidia.com/gpu",
    ],
  ];
  for (const [fault, text, facts, want] of faults) {
    it(`are refused ${fault}`, () => {
      assert.deepEqual(problemsOf(text, facts), [want]);
    });
  }
});
