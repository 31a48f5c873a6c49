import assert from "node:assert/strict";
import { load } from "js-yaml";
import { z } from "zod";
import { Pipeline } from "../../../components/pipeline/pipeline";
import { deploy, settle } from "../../harness/deploy";
import { ofType } from "./pipeline-under-test";
import { planUnderTest } from "./plans-under-test";
import { platformUnderTest } from "./platform-under-test";

const patchSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.literal("platform") }),
  data: z.record(z.string(), z.string()),
});

const ruleFileSchema = z.object({
  groups: z.array(z.object({ name: z.string(), rules: z.array(z.object({ expr: z.string() })) })),
});

const plan = planUnderTest({ name: "texts", algos: [{ name: "count" }] });

describe("how a pipeline is watched", () => {
  const deployed = deploy(async () => {
    const pipeline = new Pipeline(plan.name, {
      plan,
      platform: platformUnderTest(),
      podDefaults: {},
      retainData: false,
      alerts: { lag: 12345, errorRatio: 0.5, retryRatio: 0.5, logFill: 0.5, noTrafficHours: 0 },
    });
    return settle(pipeline.dashboard);
  });

  it("is one file in each of the platform's folders, and an address", async () => {
    const { resources, result } = await deployed;
    const patches = ofType(resources, ":ConfigMapPatch").map(({ inputs }) => patchSchema.parse(inputs));
    const files = patches.flatMap(({ metadata, data }) =>
      Object.keys(data).map((file) => `${metadata.name.replace(/-[01]$/, "")} ${file}`),
    );
    assert.deepEqual(files.sort(), ["dashboards acme-texts.json", "rules acme-texts.yml"]);
    assert.equal(result, "http://dashboards.example/d/pipeline-acme-texts");
    const board = patches.map(({ data }) => data["acme-texts.json"]).find((text) => text !== undefined);
    assert.equal(z.object({ uid: z.string() }).parse(JSON.parse(board ?? "")).uid, "pipeline-acme-texts");
  });

  it("has the thresholds of its environment", async () => {
    const { resources } = await deployed;
    const texts = ofType(resources, ":ConfigMapPatch").flatMap(
      ({ inputs }) => patchSchema.parse(inputs).data["acme-texts.yml"] ?? [],
    );
    const expressions = ruleFileSchema
      .parse(load(texts.join("")))
      .groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    assert.ok(expressions.some((expr) => expr.endsWith("> 12345")));
    assert.ok(expressions.every((expr) => !expr.includes("offset 1d")));
  });

  it("lets the platform's exporter see where topics and groups are, and no message", async () => {
    const { resources } = await deployed;
    const shown = ofType(resources, ":Acl")
      .filter(({ inputs }) => inputs["aclPrincipal"] === "User:watcher")
      .map(
        ({ inputs }) =>
          `${String(inputs["aclOperation"])} ${String(inputs["aclResourceType"])} ${String(inputs["aclResourceName"])}`,
      );
    assert.deepEqual(shown.sort(), [
      "Describe Group algorun.acme.texts.acme-count-1",
      "Describe Group algorun.acme.texts.hook",
      "Describe Topic algorun.acme.texts.count.1.dead-letters",
      "Describe Topic algorun.acme.texts.count.1.out",
      "Describe Topic algorun.acme.texts.endpoint.0.texts",
      "Describe Topic algorun.acme.texts.hook.0.dead-letters",
    ]);
  });
});
