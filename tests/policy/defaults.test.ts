import assert from "node:assert/strict";
import { Pipeline } from "../../components/pipeline/pipeline";
import { Platform } from "../../components/platform";
import { parseSettings } from "../../config/parse-settings";
import { rules } from "../../policies/index";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { fanOut } from "../unit/pipeline/pipeline-under-test";
import { planUnderTest } from "../unit/pipeline/plans-under-test";
import { judge, judgeStack, type Given } from "./harness";

/** Everything that the program makes from a stack's config, with a pipeline of three algos. */
async function stackOf(config: Readonly<Record<string, unknown>>): Promise<readonly RegisteredResource[]> {
  const { resources } = await deploy(() => {
    const settings = parseSettings(config);
    const platform = new Platform("platform", { ...settings, retainData: true, mediaStreams: true });
    const plan = planUnderTest(fanOut);
    return new Pipeline(plan.name, { plan, platform, podDefaults: settings.pods, retainData: true });
  });
  return resources.filter(({ custom }) => custom);
}

/** As the engine shows it to a policy at the end: with the password that was generated. */
function given({ type, name, urn, inputs }: RegisteredResource): Given {
  return {
    type,
    name,
    urn,
    props: type.startsWith("random:") ? { ...inputs, result: `${name}-result` } : inputs,
  };
}

function violationsIn(resources: readonly RegisteredResource[]): string[] {
  const all = resources.map(given);
  return rules
    .flatMap((rule) => [...all.flatMap((resource) => judge(rule, resource)), ...judgeStack(rule, all)])
    .map(({ policy, where, edit }) => `${policy}: ${where}: ${edit}`);
}

describe("what the program makes by default", () => {
  const configs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "with the defaults of every key": {},
    "with the other engines": { objectStorage: { engine: "seaweedfs" }, sql: { engine: "mariadb" } },
  };
  for (const [what, config] of Object.entries(configs)) {
    it(`keeps every rule of prod ${what}`, async () => {
      const resources = await stackOf(config);
      assert.ok(resources.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type)).length > 8);
      assert.deepEqual(violationsIn(resources), []);
    });
  }

  it("breaks a rule when the config asks for it, and the message leads there", async () => {
    const resources = await stackOf({ images: { valkey: { tag: "latest" } } });
    assert.deepEqual(violationsIn(resources), [
      "pinned-images: StatefulSet algorun/redis, spec.template.spec.containers[0].image: component Redis in components/backend, or algorun:images in the stack's config",
    ]);
  });

  it("puts nothing that Pulumi keeps secret into a ConfigMap", async () => {
    const open = (await stackOf({})).filter(({ type }) => type === "kubernetes:core/v1:ConfigMap");
    assert.ok(open.length > 5);
    assert.deepEqual(
      open.flatMap(({ name, secrets }) => secrets.map((field) => `${name}: ${field}`)),
      [],
    );
  });
});
