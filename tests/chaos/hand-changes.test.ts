import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { EngineEnvironment } from "../engine/engine-environment";
import { recordFault } from "../harness/fault-records";
import type { KafkaLogin } from "../software/kafka-client";
import { contentsOf } from "./contents";
import { lost } from "./keepsakes";
import { compareWithPlan } from "./plan-checker";

const asPlanned = { missing: [], extra: [], doubled: [] };
const namespace = "plants-northwind-vibration-watch";
const topic = (name: string): string => `algorun.northwind.vibration-watch.${name}`;
const user = (component: string): string => `northwind.vibration-watch.${component}`;
const reports = topic("summarise.1.report");
const summarise = "northwind-summarise-1-0-3-1";
const detect = "northwind-detect-anomaly-5-1-0-1";

/** What somebody types, as a tool and its arguments. */
const changes: readonly (readonly [tool: "kubectl" | "kafka-configs" | "kafka-acls", text: string])[] = [
  ["kubectl", `scale deployment/hook --namespace ${namespace} --replicas 5`],
  ["kubectl", `set image deployment/${summarise} --namespace ${namespace} *=example.org/other:1`],
  ["kubectl", `set image deployment/${detect} --namespace ${namespace} algo=example.org/other:1`],
  ["kubectl", "delete deployment/kafka-exporter --namespace algorun"],
  ["kubectl", `delete service/endpoint --namespace ${namespace}`],
  [
    "kubectl",
    `patch service/grafana --namespace algorun --patch {"spec":{"selector":{"app.kubernetes.io/instance":"other"}}}`,
  ],
  ["kubectl", `patch secret/hook-kafka --namespace ${namespace} --patch {"data":{"password":"b3RoZXI="}}`],
  ["kubectl", `delete secret/endpoint-kafka --namespace ${namespace}`],
  ["kubectl", `patch configmap/redis-config --namespace algorun --patch {"data":{"valkey.conf":"other"}}`],
  ["kubectl", "delete networkpolicy/default-deny --namespace algorun"],
  [
    "kafka-configs",
    `--alter --entity-type topics --entity-name ${reports} --add-config retention.ms=1000,min.insync.replicas=2`,
  ],
  [
    "kafka-configs",
    `--alter --entity-type topics --entity-name ${topic("endpoint.0.recordings")} --delete-config retention.ms`,
  ],
  [
    "kafka-acls",
    `--remove --force --topic ${reports} --operation Write --allow-principal User:${user(summarise)}`,
  ],
  [
    "kafka-configs",
    `--alter --entity-type users --entity-name ${user("hook")} --delete-config SCRAM-SHA-512`,
  ],
];

describe("what somebody changes or deletes by hand", function () {
  this.timeout(1_500_000);
  let engine: EngineEnvironment;
  let administrator: KafkaLogin;

  before(async () => {
    engine = await EngineEnvironment.start();
    const { bootstrapServers, caCertificate, username, password } = engine.environment.connections.kafka;
    administrator = { brokers: bootstrapServers, caCertificate, username, password };
    engine.clearDocuments();
    cpSync("pipelines/documents/sensors", join(engine.documents, "sensors"), { recursive: true });
    await engine.up();
  });

  after(async () => {
    await engine.stop();
  });

  it("is put right by an update that looks first, and the next has nothing to do, though it leaves what was added", async () => {
    const before = await contentsOf(engine);
    for (const [tool, text] of changes) await engine.tool(tool, ...text.split(" "));
    const changed = lost(before, await contentsOf(engine));
    assert.equal(changed.length, changes.length - 2, changed.join("\n"));
    await engine.up("--refresh");
    assert.deepEqual(lost(before, await contentsOf(engine)), []);
    assert.deepEqual(await compareWithPlan(engine, administrator), asPlanned);
    await engine.tool(
      "kafka-acls",
      ...`--add --topic ${reports} --operation Read --allow-principal User:somebody`.split(" "),
    );
    await engine.up("--refresh", "--expect-no-changes");
    // Nobody's state has it; whoever compares sees it.
    const extra = [`access SOMEBODY READ TOPIC ${reports.toUpperCase()}`];
    assert.deepEqual(await compareWithPlan(engine, administrator), { ...asPlanned, extra });
    await recordFault({
      fault: "objects, topics' settings, access and users changed or deleted by hand",
      tries: changes.length,
      sent: before.size,
      delivered: before.size,
      doubled: 0,
      lost: 0,
      note: "contents of objects and settings of topics, after `pulumi up --refresh`",
    });
  });

  it("is made anew and told in dev, where it was a topic", async () => {
    await deleteTopic();
    const said = await engine.up("--refresh");
    assert.match(said, new RegExp(`warning: Topics ${reports}: this stack has made them before`));
    assert.deepEqual((await compareWithPlan(engine, administrator)).missing, []);
  });

  it("stops the preview where data is kept, until somebody accepts that a topic is empty", async () => {
    engine.configure({ "algorun:environment": "kind" });
    await engine.up();
    await deleteTopic();
    const { exitCode, output } = await engine.pulumi("up", "--yes", "--refresh", "--suppress-progress");
    assert.notEqual(exitCode, 0);
    assert.match(output, new RegExp(`Topics ${reports}: .*their messages are gone`));
    assert.doesNotMatch(output, /^\s+at .*:\d+:\d+/m);
    assert.deepEqual((await compareWithPlan(engine, administrator)).missing, [`topic ${reports} 3`]);
    await engine.up("--refresh", "--replace", "**::northwind-vibration-watch-topics-made");
    assert.deepEqual((await compareWithPlan(engine, administrator)).missing, []);
  });

  async function deleteTopic(): Promise<void> {
    await engine.tool("kafka-topics", "--delete", "--topic", reports);
  }
});
