import assert from "node:assert/strict";
import { z } from "zod";
import { until } from "../../local/process/until";
import { EngineEnvironment, type EngineOptions } from "./engine-environment";
import { startThreeBrokers, type ThreeBrokers } from "./three-brokers";

const namespace = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});
const pod = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ nodeName: z.string() }),
});

/** A stack of this project. */
interface StackUnderTest {
  readonly name: string;
  readonly start: () => Promise<EngineOptions>;
  /** Rules that advise it to do what prod must. */
  readonly advised: readonly string[];
}

/** A stack on the embedded cluster, with the policies as strict as its environment has them. */
function describeStack(
  { name, start, advised }: StackUnderTest,
  further: (engine: () => EngineEnvironment) => void,
): void {
  describe(`the stack ${name} on a real cluster`, function () {
    this.timeout(900_000);
    let engine: EngineEnvironment;

    before(async () => {
      engine = await EngineEnvironment.start(await start());
    });

    after(async () => {
      await engine.stop();
    });

    it("comes up whole, and breaks no policy that binds it", async () => {
      const said = await engine.up("--policy-pack", "policies");
      assert.doesNotMatch(said, /\[mandatory\]/);
      const advice = [...said.matchAll(/\[advisory\].* {2}([a-z-]+) {2}\(/g)].map(([, rule]) => rule);
      assert.deepEqual([...new Set(advice)].sort(), advised);
      await until(async () => (await engine.availability()).waiting.length === 0, 120_000);
      const { workloads, waiting } = await engine.availability();
      assert.deepEqual(waiting, []);
      assert.ok(workloads >= 17, `${workloads} workloads`);
    });

    it("lets no pod into its namespaces that is not restricted", async () => {
      const ours = await engine.objects(namespace, "namespaces", "-l", "app.kubernetes.io/part-of=algo.run");
      assert.ok(ours.length >= 3);
      for (const { metadata } of ours)
        assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted", metadata.name);
    });

    it("has nothing to do a second time", async () => {
      await engine.up("--expect-no-changes", "--policy-pack", "policies");
    });

    further(() => engine);
  });
}

describeStack(
  {
    name: "kind",
    start: () => Promise.resolve({ stack: "kind" }),
    advised: ["encrypted-edge", "encrypted-kafka", "fresh-images", "replicated-services"],
  },
  () => undefined,
);

let kafka: ThreeBrokers | undefined;

describeStack(
  {
    name: "staging",
    start: async () => {
      kafka = await startThreeBrokers();
      return { stack: "staging", kafka: kafka.connection };
    },
    advised: ["encrypted-kafka"],
  },
  (engine) => {
    it("has its brokers, its storage and its edge in different zones", async () => {
      const nodes = await engine().objects(
        z.object({ metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }) }),
        "nodes",
      );
      const zones = new Map(
        nodes.map(({ metadata }) => [metadata.name, metadata.labels["topology.kubernetes.io/zone"]]),
      );
      const pods = await engine().objects(pod, "pods", "-n", "algorun");
      const zonesOf = (instance: string): number =>
        new Set(
          pods
            .filter(({ metadata }) => metadata.labels["app.kubernetes.io/instance"] === instance)
            .map(({ spec }) => zones.get(spec.nodeName)),
        ).size;
      assert.deepEqual(
        Object.fromEntries(
          ["kafka-broker", "kafka-controller", "object-storage", "ambassador"].map((instance) => [
            instance,
            zonesOf(instance),
          ]),
        ),
        { "kafka-broker": 3, "kafka-controller": 3, "object-storage": 3, ambassador: 2 },
      );
    });

    after(async () => {
      await kafka?.stop();
    });
  },
);
