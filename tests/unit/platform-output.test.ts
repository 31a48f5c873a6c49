import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../components/platform";
import { handOver } from "../../components/remote/hand-over";
import { RemotePlatform } from "../../components/remote/remote-platform";
import { parseSettings } from "../../config/parse-settings";
import type { PlatformOutput } from "../../components/remote/platform-output";
import { readPlatformStack } from "../../components/remote/read-platform-stack";
import { assertServed } from "../../pipelines/assert-served";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planDocuments } from "../../pipelines/plan-documents";
import { platformFacts } from "../../platform-facts";
import { deploy, settle } from "../harness/deploy";
import { platform as anyFacts } from "../model/documents-under-test";

const environment = "kind";
const documents = ["tests/documents/yard-camera.yaml", "pipelines/examples/model-canary.yaml"];

describe("the output of a platform's stack", function () {
  this.timeout(60_000);

  /** What is read of a stack that shows something, as the program of another does. */
  async function read(outputs: Readonly<Record<string, unknown>>, stack = "base"): Promise<PlatformOutput> {
    const { result } = await deploy(() => readPlatformStack(stack), {
      stacks: { "organization/algorun/base": outputs },
    });
    return result;
  }

  it("must be there", async () => {
    await assert.rejects(read({ addresses: {} }), (error) => {
      assert.ok(error instanceof pulumi.RunError);
      assert.match(
        error.message,
        /^algorun:platformStack: the stack "base" has no output "platform", expected .*: update it first \(pulumi up --stack base\), or name another stack$/,
      );
      return true;
    });
  });

  it("must be of this program's version", async () => {
    await assert.rejects(
      read({ platform: { version: 0 } }),
      /^Error: algorun:platformStack: the stack "base" tells of its platform in version 0, expected 1: update it first with this program \(pulumi up --stack base\)$/,
    );
    await assert.rejects(
      read({ platform: { version: 2 } }),
      /in version 2, expected 1: it was updated with a newer program; take the same one for this stack$/,
    );
  });

  it("must be whole", async () => {
    await assert.rejects(
      read({ platform: { version: 1, environment: "kind" } }),
      /tells nothing valid of deployments, facts, kafka, objectStorage, .*: update it first/,
    );
  });

  it("is not one's own", async () => {
    await assert.rejects(
      deploy(() => readPlatformStack("test")),
      /^Error: algorun:platformStack: found "test", which is this stack, expected another one/,
    );
  });
});

describe("a platform that another stack makes", function () {
  this.timeout(60_000);

  it("gives a stream the key that the platform's own stack gives it, as a secret", async () => {
    const right = { right: "publish", stream: "northwind.yard-camera.gate" } as const;
    const settings = parseSettings({ environment });
    const made = await deploy(() => {
      const platform = new Platform("platform", { ...settings, mediaStreams: true, retainData: false });
      const facts = platformFacts(settings);
      return {
        output: handOver(platform, { environment, facts, deployments: [], rateLimits: {} }),
        key: platform.mediaStreams?.streamKey(right),
      };
    });
    assert.ok(await pulumi.isSecret(made.result.output));
    const output = await settle(made.result.output);
    const key = await settle(made.result.key);
    const remote = await deploy(() => {
      const platform = new RemotePlatform("platform", { output, pods: {}, retainData: false });
      return platform.mediaStreams?.streamKey(right);
    });
    assert.ok(remote.result);
    assert.equal(await settle(remote.result), key);
    assert.ok(await pulumi.isSecret(remote.result));
  });
});

describe("what a platform must have for the pipelines of another stack", () => {
  const plans = planDocuments({ documents, facts: anyFacts }).plans;
  const camera = planOf("northwind.yard-camera");
  const limited = plans.find(({ rateLimits }) => rateLimits.length > 0);
  const served = { environment, deployments: [], mediaStreams: {}, rateLimits: {} };

  it("is an RTMP server for those that take media streams", () => {
    assert.deepEqual(complaints([camera], { ...served, mediaStreams: undefined }), [
      "algorun:platformStack: northwind.yard-camera needs an RTMP server, which the platform does not have: " +
        "update it first, with the same documents (pulumi up --stack base)",
    ]);
    assert.deepEqual(complaints([camera], served), []);
  });

  it("is the limits of requests that documents state", () => {
    assert.ok(limited);
    const { id, rateLimits } = limited;
    const expected = [
      `algorun:platformStack: ${id} needs its rate limits, which the platform does not have: ` +
        "update it first, with the same documents (pulumi up --stack base)",
    ];
    assert.deepEqual(complaints([limited], served), expected);
    const [first, ...others] = rateLimits;
    assert.ok(first);
    const raised = [{ ...first, requests: first.requests + 1 }, ...others];
    assert.deepEqual(complaints([limited], { ...served, rateLimits: { [id]: raised } }), expected);
    assert.deepEqual(complaints([limited], { ...served, rateLimits: { [id]: rateLimits } }), []);
  });

  it("is the same environment, and no pipeline twice; all is said at once", () => {
    assert.deepEqual(complaints([camera], { ...served, environment: "prod", deployments: [camera.id] }), [
      'algorun:environment: found "kind", expected "prod" as in the stack "base", since they share its data',
      'algorun:include: takes "northwind.yard-camera", which the stack "base" makes as well, ' +
        "expected one stack for each deployment: exclude it there and update that first (pulumi up --stack base), " +
        "or exclude it here",
    ]);
  });

  function complaints(
    asking: readonly PipelinePlan[],
    platform: Parameters<typeof assertServed>[1],
  ): readonly string[] {
    try {
      assertServed({ plans: asking, environment, platformStack: "base" }, platform);
      return [];
    } catch (error) {
      assert.ok(error instanceof pulumi.RunError);
      return error.message.split("\n");
    }
  }

  function planOf(id: string): PipelinePlan {
    const plan = plans.find((each) => each.id === id);
    assert.ok(plan, id);
    return plan;
  }
});
