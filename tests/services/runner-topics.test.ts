import assert from "node:assert/strict";
import {
  AclOperations,
  AclPermissionTypes,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { administer } from "../software/kafka-client";
import { eventually, ProcessGroup } from "../software/process-group";
import { PipelineBroker } from "./pipeline-broker";
import { algoOf, isPodReady, podLog, startRunnerPod, type PodProcess } from "./pod-process";
import { shout, shoutPlan } from "./shout-pipeline";
import { TestAlgo } from "./test-algo";
import { TopicReader, writeMessages } from "./topic-reader";

describe("a runner whose topics change under it", function () {
  this.timeout(120_000);
  const group = new ProcessGroup();
  const algo = new TestAlgo(({ body }) =>
    body.startsWith("bad") ? { status: 500, body: "no idea" } : { body: body.toUpperCase() },
  );
  const deadLetterTopic = "algorun.acme.shout.upper.1.dead-letters";
  let broker: PipelineBroker;
  let plan: PipelinePlan;
  let outputs: TopicReader;
  let deadLetters: TopicReader;
  let pod: PodProcess;

  before(async function () {
    this.timeout(300_000);
    const port = await algo.listen();
    const input = `inputDeliveryType: Http, contentTypes: [], http: { port: ${port} }`;
    plan = shoutPlan({ input, partitions: 1 });
    broker = await PipelineBroker.start(group, "127.0.42");
    await broker.deploy(plan);
    outputs = await new TopicReader(broker.administrator, shout.output).start();
    deadLetters = await new TopicReader(broker.administrator, deadLetterTopic).start();
    pod = await start();
  });

  after(async () => {
    await outputs.close();
    await deadLetters.close();
    await algo.close();
    await group.stopAll();
    broker.remove();
  });

  const start = async (): Promise<PodProcess> => {
    const started = await startRunnerPod(group, algoOf(plan, shout.algo), { broker, instance: "upper-a" });
    await eventually("a ready runner", () => isPodReady(started), { program: started.program });
    return started;
  };
  const send = async (...values: readonly string[]): Promise<void> => {
    const messages = values.map((value) => ({ key: "k", value }));
    await writeMessages(broker.administrator, shout.input, messages);
  };
  const sees = async (value: string, seconds = 40): Promise<void> => {
    const { program } = pod;
    await eventually(`the result ${value}`, () => outputs.counts.has(value), { program, seconds });
  };

  it("goes on behind messages that were deleted unread, and says which", async () => {
    await send("read");
    await sees("READ");
    await pod.program.stop("SIGTERM");
    await send("deleted", "deleted too", "kept");
    const partitions = [{ partition: 0, offset: 3n }];
    await administer(broker.administrator, (admin) =>
      admin.deleteRecords({ topics: [{ name: shout.input, partitions }] }),
    );
    pod = await start();
    await sees("KEPT");
    assert.ok(!outputs.counts.has("DELETED"));
    assert.match(podLog(pod), /"from":"1","to":"3".*"msg":"messages were deleted unread"/);
  });

  it("writes less of a dead letter than its topic refuses, and goes on", async () => {
    const resource = {
      resourceType: ConfigResourceTypes.TOPIC,
      resourceName: deadLetterTopic,
      configs: [
        {
          name: "max.message.bytes",
          configOperation: IncrementalAlterConfigOperationTypes.SET,
          value: "2000",
        },
      ],
    };
    await administer(broker.administrator, (admin) =>
      admin.incrementalAlterConfigs({ resources: [resource] }),
    );
    await writeMessages(broker.administrator, shout.input, [
      { key: "k", value: `bad ${"v".repeat(3_000)}`, headers: { traceID: "t" } },
      { key: `k${"k".repeat(3_000)}`, value: "bad key" },
      { key: "k", value: "behind them" },
    ]);
    await sees("BEHIND THEM");
    await eventually("both dead letters", () => deadLetters.messages.length === 2);
    const told = deadLetters.messages.map(({ key, value, headers }) => {
      const of = (name: string): string | undefined =>
        headers.others.find(([each]) => each === name)?.[1].toString();
      const { traceID } = headers;
      return {
        key,
        value,
        traceID,
        reason: of("errorClass"),
        at: of("originalOffset"),
        left: of("errorLeftOut"),
      };
    });
    assert.deepEqual(told, [
      { key: "k", value: "", traceID: "t", reason: "Status", at: "4", left: "value" },
      { key: "", value: "", traceID: undefined, reason: "Status", at: "5", left: "value, key, headers" },
    ]);
  });

  it("reads partitions that a topic gets while it restarts", async () => {
    await pod.program.stop("SIGKILL");
    await administer(broker.administrator, (admin) =>
      admin.createPartitions({ topics: [{ name: shout.input, count: 3 }] }),
    );
    const messages = Array.from({ length: 20 }, (_, index) => ({ key: `k-${index}`, value: `new ${index}` }));
    await writeMessages(broker.administrator, shout.input, messages);
    pod = await start();
    for (const { value } of messages) await sees(value.toUpperCase(), 90);
  });

  it("ends when it may not read a topic any more, so that Kubernetes shows it", async () => {
    await administer(broker.administrator, (admin) =>
      admin.deleteAcls({
        filters: [
          {
            resourceType: ResourceTypes.TOPIC,
            resourceName: shout.input,
            host: null,
            principal: null,
            resourcePatternType: ResourcePatternTypes.ANY,
            operation: AclOperations.ANY,
            permissionType: AclPermissionTypes.ANY,
          },
        ],
      }),
    );
    await eventually("its end", () => pod.program.ended(), { seconds: 60 });
    assert.match(podLog(pod), /Topic authorization failed.*"msg":"can't go on"/);
  });
});
