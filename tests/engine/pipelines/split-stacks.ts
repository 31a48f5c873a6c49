import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { loadDocuments } from "../../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../../pipelines/model/plan/plan";
import { planPipelines } from "../../../pipelines/model/plan-pipelines";
import { consumeFirst, produce, type KafkaLogin } from "../../software/kafka-client";
import { brokerState, expectedState } from "../broker-state";
import type { EngineEnvironment } from "../engine-environment";
import { componentLogin } from "../kafka-rights";
import { filesOf, sharedFiles } from "../shared-folders";

const named = z.object({ metadata: z.object({ name: z.string(), uid: z.string() }) });
const state = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string(), type: z.string() })) }),
});

/** One stack becomes three: the platform, and two that make a pipeline each. */
export function splitStacks(started: () => EngineEnvironment): void {
  describe("a stack that is split", () => {
    let platform: EngineEnvironment;
    let orders: EngineEnvironment;
    let sensors: EngineEnvironment;
    let administrator: KafkaLogin;

    before(async () => {
      platform = started();
      platform.clearDocuments();
      cpSync(join("pipelines", "documents"), platform.documents, { recursive: true });
      const { bootstrapServers, caCertificate, username, password } = platform.environment.connections.kafka;
      administrator = { brokers: bootstrapServers, caCertificate, username, password };
      await platform.up();
      orders = await platform.addStack("orders", pipelineSettings("acme.*"));
      sensors = await platform.addStack("sensors", pipelineSettings("northwind.*"));
    });

    it("moves a pipeline with its messages: nothing is made, replaced or deleted but providers", async () => {
      const plan = planOf("acme.order-enrichment");
      const topic = plan.topics.find(({ producedBy }) => producedBy.component === "endpoint");
      const reader = plan.components.find(({ name }) => name === topic?.consumedBy[0]?.component);
      assert.ok(topic && reader?.identity.consumerGroup !== undefined);
      await produce(await componentLogin(platform, plan, "endpoint"), topic.name, "an order before");
      const urn = await urnOf("algorun:pipeline:Pipeline", plan.name);
      await platform.mustSucceed(
        platform.pulumiCommand("state", "move", "--source", "dev", "--dest", "orders", "--yes", urn),
      );
      platform.configure({ "algorun:exclude": ["acme.*"] });
      assert.deepEqual(await platform.plannedSteps(), []);
      await platform.up();
      const steps = await orders.plannedSteps();
      const touched = steps.map(({ op, urn: each }) => `${op} ${typeOf(each)}`).sort();
      assert.deepEqual(
        touched.filter((step) => !/providers:|Stack$|RemotePlatform$|HandedOverKafka$|^read /.test(step)),
        ["update kubernetes:core/v1:Namespace"],
      );
      await orders.up("--policy-pack", "policies");
      const consumer = await componentLogin(orders, plan, reader.name);
      assert.equal(
        await consumeFirst(consumer, topic.name, reader.identity.consumerGroup),
        "an order before",
      );
    });

    it("leaves the platform with none of its own, and another stack makes the other one", async () => {
      platform.configure({ "algorun:exclude": ["*"] });
      await platform.up("--policy-pack", "policies");
      await sensors.up("--policy-pack", "policies");
      assert.deepEqual(await brokerState(platform, administrator), expectedState(plans()));
      assert.deepEqual(await sharedFiles(platform), filesOf(plans()));
      for (const { namespace, components } of plans()) {
        const pods = await platform.objects(named, "deployments,statefulsets", "-n", namespace);
        assert.ok(pods.length >= components.length, namespace);
      }
    });

    it("has nothing to do a second time, in any of the three", async () => {
      for (const stack of [platform, orders, sensors]) await stack.up("--expect-no-changes");
    });

    it("changes one pipeline, and nothing in the other stacks", async () => {
      platform.edit("orders/order-enrichment.yaml", "timeoutSeconds: 10", "timeoutSeconds: 20");
      assert.ok((await orders.plannedSteps()).some(({ urn }) => urn.endsWith("runner-config")));
      await orders.up();
      for (const stack of [platform, sensors]) await stack.up("--expect-no-changes");
    });

    it("lets no second stack make the same pipeline, and its end takes nothing along", async () => {
      const plan = planOf("acme.order-enrichment");
      const rival = await platform.addStack("rival", pipelineSettings("acme.*"));
      const options = ["--yes", "--skip-preview", "--suppress-progress"];
      const { exitCode, output } = await rival.pulumi("up", ...options);
      assert.notEqual(exitCode, 0);
      assert.match(
        output,
        /conflict with "pulumi-kubernetes-\w+".*: \.metadata\.annotations\.algo\.run\/stack/,
      );
      await rival.mustSucceed(rival.pulumi("destroy", ...options));
      const [topic] = plan.topics.filter(({ producedBy }) => producedBy.component === "endpoint");
      assert.ok(topic);
      await produce(await componentLogin(orders, plan, "endpoint"), topic.name, "an order after");
      await orders.up("--refresh", "--expect-no-changes");
    });

    it("says what to do about a stack that tells of no platform, and about one that is not there", async () => {
      await platform.addStack("hollow", {});
      const lost = await platform.addStack("lost", {
        ...pipelineSettings("acme.*"),
        "algorun:platformStack": "hollow",
      });
      assert.match(
        (await lost.pulumi("preview")).output,
        /algorun:platformStack: the stack "hollow" has no output "platform", .*update it first \(pulumi up --stack hollow\)/,
      );
      lost.configure({ "algorun:platformStack": "nowhere" });
      const { exitCode, output } = await lost.pulumi("preview");
      assert.notEqual(exitCode, 0);
      assert.match(output, /organization\/algorun\/nowhere/);
      assert.doesNotMatch(output, /\n\s+at /);
    });

    it("keeps the passwords that it hands over out of sight", async () => {
      const output = await platform.mustSucceed(
        platform.pulumiCommand("stack", "output", "--json", "--stack", platform.stack),
      );
      const outputs = z.object({ platform: z.string() }).parse(JSON.parse(output));
      assert.equal(outputs.platform, "[secret]");
      for (const stack of [platform, orders]) {
        const exported = await exportOf(stack);
        assert.ok(exported.includes("platform") && !exported.includes(administrator.password ?? "?"));
      }
    });

    it("ends one pipeline's stack, and leaves platform and the other as they are", async () => {
      const kept = plans().filter(({ id }) => id.startsWith("northwind."));
      await orders.mustSucceed(
        orders.pulumi("destroy", "--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"),
      );
      assert.deepEqual(await brokerState(platform, administrator), expectedState(kept));
      assert.deepEqual(await sharedFiles(platform), filesOf(kept));
      for (const stack of [platform, sensors]) await stack.up("--refresh", "--expect-no-changes");
    });

    after(async () => {
      for (const stack of [orders, sensors])
        await stack.pulumi("destroy", "--yes", "--skip-preview", "--parallel", "64", "--suppress-progress");
      platform.configure({ "algorun:exclude": [] });
    });

    function pipelineSettings(include: string): Readonly<Record<string, unknown>> {
      return {
        "algorun:environment": "dev",
        "algorun:platformStack": "dev",
        "algorun:include": [include],
      };
    }

    function plans(): readonly PipelinePlan[] {
      return planPipelines(loadDocuments([platform.documents]), {
        kafka: { brokerCount: 1, defaultReplicationFactor: 1 },
      }).plans;
    }

    function planOf(id: string): PipelinePlan {
      const plan = plans().find((each) => each.id === id);
      assert.ok(plan, id);
      return plan;
    }

    async function exportOf({ stack }: EngineEnvironment): Promise<string> {
      return platform.mustSucceed(platform.pulumiCommand("stack", "export", "--stack", stack));
    }

    async function urnOf(type: string, name: string): Promise<string> {
      const found = state
        .parse(JSON.parse(await exportOf(platform)))
        .deployment.resources.find(({ urn, type: each }) => each === type && urn.endsWith(`::${name}`));
      assert.ok(found, name);
      return found.urn;
    }
  });
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
