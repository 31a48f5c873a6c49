import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { until } from "../../../local/process/until";
import type { EngineEnvironment } from "../engine-environment";
import { actAsKeda, installKedaDefinitions, type Keda } from "./keda";

const file = "drawings.yaml";
const algo = "acme-scan-1-0-1";
const namespace = "algorun-acme-drawings";
const cpu = "{ sourceType: Resource, targetType: Utilization, resourceName: cpu, averageUtilization: 70 }";
const lag = "{ sourceType: ConsumerLag, targetType: AverageValue, averageValue: 50 }";

const documents = `apiVersion: algo.run/v1beta1
kind: Algo
metadata: { name: scan }
spec:
  owner: acme
  name: scan
  executor: http
  versions: [{ versionTag: "1.0", image: { repository: ghcr.io/acme/scan, tag: "1.0" } }]
  inputs: [{ name: Drawing, inputDeliveryType: Http, contentTypes: [image/png] }]
---
apiVersion: algo.run/v1beta1
kind: PipelineDeployment
spec:
  deploymentOwner: acme
  deploymentName: drawings
  pipelineOwner: acme
  pipelineName: drawings
  pipelineVersionTag: "1.0"
  endpoint:
    paths: [{ name: drawings, contentType: image/png }]
  algos:
    - algoRef: { name: scan }
      version: "1.0"
      replicas: 2
      autoscaling: { enabled: true, maxReplicas: 4, metrics: [${cpu}] }
  pipes:
    - { sourceName: Endpoint, sourceOutputName: drawings, destName: "acme/scan:1.0[1]", destInputName: Drawing }
`;

const autoscaler = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ scaleTargetRef: z.object({ name: z.string() }) }),
});

/** An autoscaler that becomes KEDA's, and back. */
export function changedAutoscaling(started: () => EngineEnvironment): void {
  describe("an autoscaler, on a real API server", () => {
    let engine: EngineEnvironment;
    let keda: Keda;

    before(async () => {
      engine = started();
      engine.clearDocuments();
      writeFileSync(join(engine.documents, file), documents);
      engine.configure({ "algorun:consumerLag": { source: "keda" } });
      await installKedaDefinitions(engine);
      keda = actAsKeda(engine, namespace);
      await engine.up();
    });

    after(async () => {
      await keda.stop();
    });

    it("becomes KEDA's in one update", async () => {
      assert.deepEqual(await autoscalers(), [algo]);
      engine.edit(file, cpu, lag);
      await engine.up();
      await until(async () => (await autoscalers()).join() === `keda-hpa-${algo}`, 30_000);
      assert.deepEqual(await autoscalers(), [`keda-hpa-${algo}`]);
      assert.deepEqual(keda.refusals, []);
      await engine.up("--expect-no-changes");
    });

    it("becomes Kubernetes' own again in one update", async () => {
      engine.edit(file, lag, cpu);
      await engine.up();
      await until(async () => (await autoscalers()).join() === algo, 30_000);
      assert.deepEqual(await autoscalers(), [algo]);
      await engine.up("--expect-no-changes");
    });

    /** Names of those that decide how many pods the algo has. */
    async function autoscalers(): Promise<readonly string[]> {
      const found = await engine.objects(autoscaler, "horizontalpodautoscalers", "-n", namespace);
      return found
        .filter(({ spec }) => spec.scaleTargetRef.name === algo)
        .map(({ metadata }) => metadata.name)
        .sort();
    }
  });
}
