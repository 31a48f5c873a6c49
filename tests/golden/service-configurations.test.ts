import assert from "node:assert/strict";
import { gatewayConfigSchema } from "../../services/gateway/configuration/gateway-config";
import { hookConfigSchema } from "../../services/hook-runner/hook-config";
import { runnerConfigSchema } from "../../services/runner/runner-config";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import { loadPlans } from "../../pipelines/model/plan-pipelines";

describe("what the planner writes for services, of every example", () => {
  const components = loadPlans(["pipelines/documents", "pipelines/examples"], anyPlatform).plans.flatMap(
    (plan) => plan.components,
  );

  it("is what gateways take, with a bound for their logs", () => {
    const configs = components.flatMap((each) => (each.kind === "endpoint" ? [each.config] : []));
    assert.ok(configs.length > 5);
    for (const config of configs) {
      const { producer, paths } = gatewayConfigSchema.parse(config);
      assert.ok(producer.wal.max_bytes >= 2 ** 30);
      assert.ok(paths.every(({ topic }) => topic !== ""));
    }
  });

  it("is what runners take", () => {
    const configs = components.flatMap((each) =>
      each.kind === "algo" && each.runnerConfig ? [each.runnerConfig] : [],
    );
    assert.ok(configs.length > 5);
    for (const config of configs) {
      const read = runnerConfigSchema.parse(config);
      const topics = read.inputs.flatMap((input) => input.topics);
      const tried = new Set(read.retries.map(({ topic }) => topic));
      assert.ok(
        read.deadLetterTopic !== undefined || topics.every((topic) => tried.has(topic)),
        "a place for what fails",
      );
    }
  });

  it("is what hooks take", () => {
    const configs = components.flatMap((each) => (each.kind === "eventHook" ? [each.config] : []));
    assert.ok(configs.length > 2);
    for (const config of configs)
      assert.match(hookConfigSchema.parse(config).deadLetterTopic, /\.hook\.0\.dead-letters$/);
  });
});
