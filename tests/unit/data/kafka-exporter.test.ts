import assert from "node:assert/strict";
import { z } from "zod";
import { KafkaExporter } from "../../../components/backend/kafka-exporter/kafka-exporter";
import { deploy, type RegisteredResource } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { theManifest } from "../../harness/manifests";
import { platformUnderTest } from "../pipeline/platform-under-test";

const deploymentSchema = z.object({
  spec: z.object({
    replicas: z.literal(1),
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({ args: z.array(z.string()), env: z.array(z.looseObject({ name: z.string() })) }),
        ]),
      }),
    }),
  }),
});

async function exporter(): Promise<readonly RegisteredResource[]> {
  const { resources } = await deploy(() => {
    const { kafka, observability } = platformUnderTest();
    const bootstrapServers = ["one.example:9092", "two.example:9092"];
    return new KafkaExporter("kafka-exporter", {
      namespace: "platform",
      kafka,
      observability,
      bootstrapServers,
    });
  });
  return resources;
}

describe("the exporter of Kafka's metrics", () => {
  it("is hardened, asks all brokers by TLS as a user of its own, and has its password from a Secret", async () => {
    const resources = await exporter();
    assertHardened(resources);
    const { spec } = theManifest(resources, "Deployment", "kafka-exporter", deploymentSchema);
    const [{ args, env }] = spec.template.spec.containers;
    assert.deepEqual(args, [
      "--kafka.server=one.example:9092",
      "--kafka.server=two.example:9092",
      "--kafka.version=2.1.0",
      "--sasl.enabled",
      "--sasl.mechanism=scram-sha512",
      "--sasl.username=kafka-exporter",
      "--sasl.password=$(SASL_SECRET)",
      "--tls.enabled",
      "--tls.ca-file=/etc/kafka-exporter/credentials/ca.crt",
    ]);
    assert.deepEqual(
      env.find(({ name }) => name === "SASL_SECRET"),
      {
        name: "SASL_SECRET",
        valueFrom: { secretKeyRef: { name: "kafka-exporter-kafka", key: "password" } },
      },
    );
  });

  it("may do nothing by itself: pipelines say what it may see", async () => {
    const resources = await exporter();
    assert.deepEqual(
      resources.filter(({ type }) => type.endsWith(":Acl")),
      [],
    );
  });
});
