import assert from "node:assert/strict";
import { capacityStatement } from "../../pipelines/model/capacity/capacity-statement";
import type { PlatformFacts } from "../../pipelines/model/platform-facts";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import { planOf, platform, soundText, withAlgoField } from "./documents-under-test";

/** What the algo of the sound documents takes, by the names of a ResourceQuota. */
function useOf(text: string, facts: PlatformFacts = platform): Readonly<Record<string, string>> {
  const { cluster } = capacityStatement([planOf(text, facts)], facts).allPipelines;
  return Object.fromEntries(
    Object.entries(cluster).map(([name, { least, most }]) => [name, `${least} ${most}`]),
  );
}

describe("what a pipeline takes of the cluster", () => {
  it("counts every container, at the least and while an update replaces the pods", () => {
    // Endpoint 100m, 256Mi; algo 100m, 256Mi with its runner of the same size beside it; hook the same. The latter two twice.
    assert.deepEqual(useOf(soundText), {
      "limits.cpu": "4 7",
      "limits.ephemeral-storage": "1Gi 1792Mi",
      "limits.memory": "1Gi 1792Mi",
      persistentvolumeclaims: "1 1",
      pods: "3 5",
      "requests.cpu": "400m 700m",
      "requests.ephemeral-storage": "1Gi 1792Mi",
      "requests.memory": "1Gi 1792Mi",
      "requests.storage": "1Gi 1Gi",
    });
  });

  it("goes from the fewest replicas of an autoscaler to the most", () => {
    const scaled = withAlgoField(
      "autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 7 }\n      replicas: 3",
    );
    const { pods, ...use } = useOf(scaled);
    assert.equal(pods, "4 17");
    assert.equal(use["requests.cpu"], "600m 3100m");
  });

  it("counts a container that copies the runner only where it asks for more", () => {
    const program = soundText
      .replace("executor: http", "executor: Executable")
      .replace("inputDeliveryType: Http", "inputDeliveryType: StdIn")
      .replace("outputDeliveryType: HttpResponse", "outputDeliveryType: StdOut");
    const sized = (cpu: string): string =>
      program.replace(
        "      index: 1\n",
        `      index: 1\n      resources: { requests: { cpu: ${cpu} }, limits: { cpu: "1" } }\n`,
      );
    assert.equal(useOf(sized("50m"))["requests.cpu"], "300m 500m");
    assert.equal(useOf(sized("4m"))["requests.cpu"], "300m 500m");
  });

  it("sets no GPU aside for an update, which stops a pod before it starts the next", () => {
    const accelerated = soundText.replace("  executor: http\n", "  executor: http\n  gpuEnabled: true\n");
    const two = accelerated.replace("      index: 1\n", "      index: 1\n      replicas: 2\n");
    const use = useOf(two);
    assert.deepEqual([use["requests.nvidia.com/gpu"], use["pods"]], ["2 2", "4 7"]);
    assert.equal(use["requests.cpu"], "600m 700m");
  });

  it("follows the defaults of the stack", () => {
    const facts = {
      ...platform,
      pipelineDefaults: { algo: "large", eventHook: { requests: { cpu: "1" } } },
    } as const;
    assert.equal(useOf(soundText, facts)["requests.cpu"], "1700m 3300m");
  });

  it("has no volume for a log in memory", () => {
    const text = soundText.replace(
      "  endpoint:\n",
      "  endpoint:\n    producer: { wal: { in_memory: true } }\n",
    );
    const use = useOf(text);
    assert.deepEqual([use["persistentvolumeclaims"], use["requests.storage"]], [undefined, undefined]);
  });

  it("counts Connect's workers, and the pods that register and restart their connectors", () => {
    const { plans } = loadPlans(["pipelines/examples/change-capture.yaml"], platform);
    const statement = capacityStatement(plans, platform);
    const { pods } = statement.allPipelines.cluster;
    const connectors = plans.flatMap(({ components }) =>
      components.filter(({ kind }) => kind === "dataConnector"),
    );
    assert.ok(connectors.length > 0);
    const all = plans.flatMap(({ components }) => components);
    const most = all.map((component) => {
      const replicas = Math.max(component.replicas, component.autoscaling?.maxReplicas ?? 0);
      if (component.kind === "endpoint") return replicas;
      return 2 * replicas + (component.kind === "dataConnector" ? 4 : 0);
    });
    assert.equal(pods?.most, String(most.reduce((sum, count) => sum + count, 0)));
  });

  it("stands beside what the stack allows", () => {
    const facts: PlatformFacts = {
      ...platform,
      kafka: { ...platform.kafka, brokerStorageSize: "80Gi" },
      capacity: {
        eachPipeline: { pods: 10 },
        allPipelines: { "requests.cpu": "2" },
        eachBroker: { partitions: 90 },
      },
    };
    const { pipelines, allPipelines, eachBroker } = capacityStatement([planOf(soundText, facts)], facts);
    assert.deepEqual(pipelines["acme.shout"]?.cluster["pods"], { least: "3", most: "5", limit: "10" });
    assert.deepEqual(allPipelines.cluster["requests.cpu"], { least: "400m", most: "700m", limit: "2" });
    assert.deepEqual(eachBroker, {
      brokers: 3,
      leaders: 3,
      copies: 8,
      bytes: "0",
      partitionsLimit: 90,
      storageLimit: "80Gi",
    });
  });
});
