import assert from "node:assert/strict";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { until } from "../../local/process/until";
import { loadDocuments } from "../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { administer, consumeFirst, produce, refusalOf, type KafkaLogin } from "../software/kafka-client";
import { brokerState, expectedState } from "./broker-state";
import { EngineEnvironment } from "./engine-environment";
import { componentLogin, rightsInUse, rightsOfPipes } from "./kafka-rights";
import { filesOf, neighbourOf, sharedFiles } from "./shared-folders";

const named = z.object({ metadata: z.object({ name: z.string(), namespace: z.string().optional() }) });
const backupJob = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({
        initContainers: z
          .array(z.object({ env: z.array(z.object({ name: z.string(), value: z.string().optional() })) }))
          .default([]),
      }),
    }),
  }),
});
const orders = "orders/order-enrichment.yaml";
const sensors = "sensors/vibration-watch.yaml";
const video = join(__dirname, "..", "..", "pipelines", "examples", "video-over-rtmp.yaml");

describe("the stack on a real cluster and a real broker", function () {
  this.timeout(600_000);
  let engine: EngineEnvironment;
  let administrator: KafkaLogin;

  before(async () => {
    engine = await EngineEnvironment.start();
    engine.addOriginals();
    writeFileSync(join(engine.documents, "neighbour.yaml"), neighbourOf("northwind.vibration-watch"));
    copyFileSync(video, join(engine.documents, "video-over-rtmp.yaml"));
    administrator = login(engine, engine.environment.connections.kafka);
  });

  after(async () => {
    await engine.stop();
  });

  it("comes up whole: all pods available, and on the broker exactly what the documents imply", async () => {
    await engine.up("--policy-pack", "policies");
    // An autoscaler may still be about to raise a workload that an update has just left.
    await until(async () => (await engine.availability()).waiting.length === 0, 60_000);
    const { workloads, waiting } = await engine.availability();
    assert.deepEqual(waiting, []);
    assert.ok(workloads >= 18, `${workloads} workloads`);
    assert.deepEqual(await brokerState(engine, administrator), expectedState(plans()));
    assert.deepEqual(await sharedFiles(engine), filesOf(plans()));
  });

  it("has nothing to do a second time", async () => {
    await engine.up("--expect-no-changes", "--policy-pack", "policies");
  });

  it("carries a message from one component to the next, each with its own credential", async () => {
    const plan = planOf("acme.order-enrichment");
    const topic = plan.topics.find(({ producedBy }) => producedBy.component === "endpoint");
    const reader = plan.components.find(({ name }) => name === topic?.consumedBy[0]?.component);
    assert.ok(topic && reader?.identity.consumerGroup !== undefined);
    await produce(await componentLogin(engine, plan, "endpoint"), topic.name, "an order");
    const consumer = await componentLogin(engine, plan, reader.name);
    assert.equal(await consumeFirst(consumer, topic.name, reader.identity.consumerGroup), "an order");
  });

  for (const [pipeline, what, seconds] of [
    ["acme.order-enrichment", "HTTP", 5],
    ["northwind.vibration-watch", "gRPC and HTTP, and waits for what is sent again", 5],
    [video, "RTMP, from a camera whose key is right, and not from another", 20],
  ] as const) {
    it(`delivers all that \`make demo\` sends by ${what}`, async () => {
      const { exitCode, output } = await engine.make("demo", `PIPELINE=${pipeline}`, `SECONDS=${seconds}`);
      assert.equal(exitCode, 0, output);
      assert.match(output, /Nothing was lost: [1-9]\d* messages were sent\.$/m);
      if (pipeline === video) assert.match(output, /north-gate: a camera with a wrong key is turned away/);
    });
  }

  it("says what there is when `make demo` is asked for a pipeline that is not deployed", async () => {
    const { exitCode, output } = await engine.make("demo", "PIPELINE=nobody.nothing");
    assert.notEqual(exitCode, 0);
    assert.match(output, /nobody\.nothing[^\n]*acme\.order-enrichment/);
    assert.doesNotMatch(output, /^\s+at /m);
  });

  it("lets each component do with its own credential exactly what its pipes imply", async () => {
    assert.deepEqual(await rightsInUse(engine, administrator, plans()), rightsOfPipes(plans()));
    const endpoint = await componentLogin(engine, planOf("acme.order-enrichment"), "endpoint");
    const creation = administer(endpoint, (admin) =>
      admin.createTopics({ topics: ["made.up"], partitions: 1, replicas: 1 }),
    );
    assert.match(await refusalOf(creation), /AUTHORIZATION_FAILED/);
  });

  it("changes only what a changed document touches", async () => {
    engine.edit(orders, "timeoutSeconds: 10", "timeoutSeconds: 20");
    const steps = await engine.plannedSteps();
    const touched = steps.map(
      ({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""} ${urn.split("$").at(-1)?.split("::")[0] ?? ""}`,
    );
    assert.deepEqual(touched.sort(), [
      "update acme-order-enrichment-acme-validate-order-2-3-1-1 kubernetes:apps/v1:Deployment",
      "update acme-order-enrichment-acme-validate-order-2-3-1-1-runner-config kubernetes:core/v1:ConfigMap",
    ]);
    await engine.up();
  });

  it("makes a dump and a restore when they are asked for, waits for each, and says how it ended", async () => {
    const made = await engine.mustSucceed(engine.make("backup", "SYSTEM=sql"));
    assert.match(made, /job\/sql-backup-\d{14} is complete/);
    await engine.mustSucceed(engine.make("restore", "SYSTEM=sql", "DUMP=sql/2026-11-25T02-17-09Z.pgdump"));
    const jobs = await engine.objects(backupJob, "jobs", "--namespace", "algorun");
    const [restore, ...others] = jobs.filter(({ metadata }) => metadata.name.startsWith("sql-restore-"));
    assert.deepEqual(others, []);
    const [fetch] = restore?.spec.template.spec.initContainers ?? [];
    assert.ok(
      fetch?.env.some(({ name, value }) => name === "DUMP" && value === "sql/2026-11-25T02-17-09Z.pgdump"),
    );
  });

  it("says what is wrong with a dump that can't be made", async () => {
    const refused = async (said: RegExp, ...settings: readonly string[]): Promise<void> => {
      const { exitCode, output } = await engine.make("backup", ...settings);
      assert.notEqual(exitCode, 0);
      assert.match(output, said);
      assert.doesNotMatch(output, /^ +at /m);
    };
    await refused(/SYSTEM: found "kafka", expected sql or grafana/, "SYSTEM=kafka");
    await refused(
      /namespace default: found the CronJobs none, expected sql-backup/,
      "SYSTEM=sql",
      "NAMESPACE=default",
    );
  });

  it("refuses fewer partitions before anything is changed", async () => {
    const [topic] = planOf("acme.order-enrichment").topics.filter(({ partitions }) => partitions > 1);
    assert.ok(topic);
    const before = await brokerState(engine, administrator);
    engine.edit(orders, "autoPartition: true", "autoPartition: false\n          partitions: 1");
    const { exitCode, output } = await engine.pulumi("preview");
    assert.notEqual(exitCode, 0);
    assert.match(
      output,
      /found 1 partitions, expected at least the \d+ that it has, since Kafka can't remove any/,
    );
    assert.deepEqual(await brokerState(engine, administrator), before);
    engine.edit(orders, "autoPartition: false\n          partitions: 1", "autoPartition: true");
  });

  it("takes away all of a removed pipeline, and nothing of another", async () => {
    const removed = planOf("northwind.vibration-watch");
    rmSync(join(engine.documents, sensors));
    const others = plans().map(({ namespace }) => namespace);
    await engine.up();
    const left = (await engine.objects(named, "namespaces")).map(({ metadata }) => metadata.name);
    assert.ok(!left.includes(removed.namespace));
    assert.deepEqual(
      others.filter((namespace) => !left.includes(namespace)),
      [],
    );
    assert.deepEqual(await brokerState(engine, administrator), expectedState(plans()));
    assert.deepEqual(await sharedFiles(engine), filesOf(plans()));
  });

  it("shows no drift when it is refreshed", async () => {
    await engine.mustSucceed(engine.pulumi("refresh", "--yes", "--skip-preview", "--suppress-progress"));
    await engine.up("--expect-no-changes");
    assert.deepEqual(await sharedFiles(engine), filesOf(plans()));
  });

  it("leaves the files of pipelines alone when it mends the folder that they lie in", async () => {
    const label = "app.kubernetes.io/part-of";
    const folders = ["configmaps", "-n", "algorun", "-l", `${label}=algo.run`];
    const labelled = async (): Promise<readonly string[]> =>
      (await engine.objects(named, ...folders)).map(({ metadata }) => metadata.name).sort();
    const before = await labelled();
    const used = [...new Set((await sharedFiles(engine)).map((line) => line.split(" ")[0] ?? ""))];
    assert.ok(used.length > 0 && used.every((name) => before.includes(name)));
    await engine.tool("kubectl", "label", "configmaps", ...used, "-n", "algorun", `${label}-`);
    await engine.up("--refresh");
    assert.deepEqual(await labelled(), before);
    assert.deepEqual(await sharedFiles(engine), filesOf(plans()));
    await engine.up("--expect-no-changes");
  });

  it("leaves nothing behind", async () => {
    await engine.mustSucceed(
      engine.pulumi("destroy", "--yes", "--skip-preview", "--parallel", "64", "--suppress-progress"),
    );
    const kinds = "namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,persistentvolumes";
    const ours = await engine.objects(named, kinds, "-l", "app.kubernetes.io/part-of=algo.run");
    assert.deepEqual(
      ours.map(({ metadata }) => metadata.name),
      [],
    );
    const namespaces = (await engine.objects(named, "namespaces")).map(({ metadata }) => metadata.name);
    assert.deepEqual(namespaces.sort(), ["default", "kube-node-lease", "kube-public", "kube-system"]);
    assert.deepEqual(await engine.objects(named, "customresourcedefinitions"), []);
    assert.deepEqual(await engine.objects(named, "persistentvolumes"), []);
    assert.deepEqual(await brokerState(engine, administrator), { topics: [], access: [], users: [] });
  });

  function plans(): readonly PipelinePlan[] {
    return planPipelines(loadDocuments([engine.documents]), {
      kafka: { brokerCount: 1, defaultReplicationFactor: 1 },
    }).plans;
  }

  function planOf(id: string): PipelinePlan {
    const plan = plans().find((each) => each.id === id);
    assert.ok(plan, id);
    return plan;
  }
});

function login(
  engine: EngineEnvironment,
  user: { readonly username: string; readonly password: string },
): KafkaLogin {
  const { bootstrapServers, caCertificate } = engine.environment.connections.kafka;
  return { brokers: bootstrapServers, caCertificate, username: user.username, password: user.password };
}
