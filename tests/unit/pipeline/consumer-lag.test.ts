import assert from "node:assert/strict";
import { z } from "zod";
import type { PlatformServices } from "../../../components/platform-services";
import { manifests, theManifest } from "../../harness/manifests";
import { resourcesOf, theOne } from "./pipeline-under-test";
import { platformUnderTest } from "./platform-under-test";
import { componentOf } from "./plans-under-test";

const lag = "{ sourceType: ConsumerLag, targetType: AverageValue, averageValue: 50 }";
const cpu = "{ sourceType: Resource, targetType: Utilization, resourceName: cpu, averageUtilization: 70 }";
const memory = "{ sourceType: Resource, targetType: AverageValue, resourceName: memory, averageValue: 1Gi }";
const solo = componentOf("solo");

const anySpec = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.looseObject({}),
});
const triggerSchema = z.object({
  spec: z.looseObject({
    triggers: z.array(z.looseObject({ type: z.string(), metadata: z.record(z.string(), z.string()) })),
  }),
});

async function resources(
  metrics: string,
  kafka: Partial<PlatformServices["kafka"]> = {},
): ReturnType<typeof resourcesOf> {
  const deployed = `replicas: 2, autoscaling: { enabled: true, maxReplicas: 6, metrics: [${metrics}] }`;
  const platform = platformUnderTest();
  return resourcesOf(
    { algos: [{ name: "solo", deployed }] },
    { platform: { ...platform, kafka: { ...platform.kafka, ...kafka } } },
  );
}

/** Parameters of KEDA's Kafka scaler and of its resource scalers, as its documentation lists them. */
const documented: Readonly<Record<string, readonly string[]>> = {
  kafka: [
    "bootstrapServers",
    "consumerGroup",
    "topic",
    "lagThreshold",
    "activationLagThreshold",
    "offsetResetPolicy",
    "allowIdleConsumers",
    "scaleToZeroOnInvalidOffset",
    "excludePersistentLag",
    "limitToPartitionsWithLag",
    "ensureEvenDistributionOfPartitions",
    "version",
    "partitionLimitation",
    "sasl",
    "tls",
    "unsafeSsl",
  ],
  cpu: ["value", "containerName"],
  memory: ["value", "containerName"],
};

describe("an algo that follows its lag", () => {
  it("has a ScaledObject, and no autoscaler of its own", async () => {
    const found = await resources(`${lag}, ${cpu}, ${memory}`);
    const { metadata, spec } = theManifest(found, "ScaledObject", solo, anySpec);
    assert.deepEqual(spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: solo },
      minReplicaCount: 2,
      maxReplicaCount: 6,
      triggers: [
        {
          type: "kafka",
          metadata: {
            bootstrapServers: "kafka.platform.svc:9092",
            consumerGroup: "algorun.acme.texts.acme-solo-1",
            topic: "algorun.acme.texts.endpoint.0.texts",
            lagThreshold: "50",
            offsetResetPolicy: "earliest",
            sasl: "scram_sha512",
            tls: "enable",
            version: "2.8.0",
          },
          authenticationRef: { name: `${solo}-kafka` },
        },
        { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
        { type: "memory", metricType: "AverageValue", metadata: { value: "1Gi" } },
      ],
    });
    assert.equal(metadata.annotations?.["scaledobject.keda.sh/transfer-hpa-ownership"], undefined);
    assert.deepEqual(
      manifests(found).filter(({ kind }) => kind === "HorizontalPodAutoscaler"),
      [],
    );
  });

  it("says nothing to KEDA that its documentation doesn't know", async () => {
    const { spec } = theManifest(
      await resources(`${lag}, ${cpu}, ${memory}`),
      "ScaledObject",
      solo,
      triggerSchema,
    );
    for (const { type, metadata } of spec.triggers) {
      for (const parameter of Object.keys(metadata))
        assert.ok(documented[type]?.includes(parameter), parameter);
    }
  });

  it("lets KEDA ask Kafka as itself, with keys that its own Secret has", async () => {
    const found = await resources(lag);
    const { spec } = theManifest(found, "TriggerAuthentication", `${solo}-kafka`, anySpec);
    assert.deepEqual(spec, {
      secretTargetRef: [
        { parameter: "username", name: `${solo}-kafka`, key: "username" },
        { parameter: "password", name: `${solo}-kafka`, key: "password" },
        { parameter: "ca", name: `${solo}-kafka`, key: "ca.crt" },
      ],
    });
    const secretSchema = z.looseObject({ stringData: z.record(z.string(), z.unknown()) });
    const { stringData } = theManifest(found, "Secret", `${solo}-kafka`, secretSchema);
    for (const key of ["username", "password", "ca.crt"]) assert.ok(key in stringData);
  });

  it("trusts public authorities and speaks without TLS where Kafka does", async () => {
    const found = await resources(lag, { caCertificate: undefined, securityProtocol: "SASL_PLAINTEXT" });
    const { spec } = theManifest(found, "TriggerAuthentication", `${solo}-kafka`, anySpec);
    assert.equal(z.array(z.unknown()).parse(spec["secretTargetRef"]).length, 2);
    const [kafka] = theManifest(found, "ScaledObject", solo, triggerSchema).spec.triggers;
    assert.equal(kafka?.metadata["tls"], "disable");
  });

  it("exists after its credentials, and its autoscaler after it", async () => {
    const found = await resources(lag);
    const name = `acme-texts-${solo}`;
    const deployment = theOne(found, "/v1:Deployment", name);
    const scaledObject = theOne(found, ":ScaledObject", name);
    const authentication = theOne(found, ":TriggerAuthentication", `${name}-kafka`);
    assert.ok(scaledObject.dependencies.includes(deployment.urn));
    assert.ok(deployment.dependencies.includes(authentication.urn));
  });

  it("has nothing of KEDA's when it follows its resources alone", async () => {
    const kinds = manifests(await resources(cpu)).map(({ kind }) => kind);
    assert.ok(kinds.includes("HorizontalPodAutoscaler"));
    assert.ok(!kinds.includes("ScaledObject") && !kinds.includes("TriggerAuthentication"));
  });
});
