import assert from "node:assert/strict";
import { z } from "zod";
import { Platform } from "../../components/platform";
import type { PlatformTransforms } from "../../components/platform-args";
import { parseSettings } from "../../config/parse-settings";
import { deploy, type RegisteredResource } from "../harness/deploy";
import { manifests, theManifest } from "../harness/manifests";

/** Registers a platform with a media server and without pipelines. */
async function deployPlatform(
  values: Readonly<Record<string, unknown>>,
  transform: PlatformTransforms = {},
): Promise<readonly RegisteredResource[]> {
  const args = { ...parseSettings(values), mediaStreams: true, retainData: false, transform };
  const { resources } = await deploy(() => new Platform("platform", args));
  return resources;
}

const marked = { metadata: { annotations: { "example.com/marked": "yes" } } };

describe("a platform", () => {
  it("gives its caller the last word on every system", async () => {
    const statefulSet = { statefulSet: marked };
    const deployment = { deployment: marked };
    const resources = await deployPlatform(
      {},
      {
        alertmanager: statefulSet,
        ambassador: deployment,
        grafana: statefulSet,
        kafka: { controllers: statefulSet, brokers: statefulSet },
        kafkaExporter: deployment,
        kubeStateMetrics: deployment,
        nginxRtmp: deployment,
        objectStorage: statefulSet,
        prometheus: statefulSet,
        rateLimit: deployment,
        redis: statefulSet,
        sql: statefulSet,
      },
    );
    const workloads = manifests(resources).filter(
      ({ kind }) => kind === "Deployment" || kind === "StatefulSet",
    );
    assert.equal(workloads.length, 13);
    const untouched = workloads.filter(
      ({ metadata }) => metadata.annotations?.["example.com/marked"] !== "yes",
    );
    assert.deepEqual(
      untouched.map(({ metadata }) => metadata.name),
      [],
    );
    assert.ok(
      workloads.every(({ metadata }) => metadata.labels?.["app.kubernetes.io/part-of"] === "algo.run"),
    );
  });

  it("lets KEDA ask its Kafka where KEDA measures lag, and nobody else", async () => {
    const shape = z.looseObject({ spec: z.looseObject({ ingress: z.array(z.unknown()) }) });
    const keda = JSON.stringify({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "scaling" } },
    });
    for (const source of ["keda", "metric"] as const) {
      const consumerLag = { source, ...(source === "keda" && { namespace: "scaling" }) };
      const resources = await deployPlatform({ consumerLag });
      const { spec } = theManifest(resources, "NetworkPolicy", "kafka-broker", shape);
      assert.equal(JSON.stringify(spec.ingress).includes(keda), source === "keda");
    }
  }).timeout(30_000);

  it("runs the versions that the environment asks for, and says so in labels", async () => {
    const resources = await deployPlatform({
      images: { postgresql: { tag: "18.9" }, emissary: { tag: "4.2.0" } },
    });
    const shape = z.object({
      spec: z.object({
        template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
      }),
    });
    const imageOf = (name: string): [string | undefined, string | undefined] => {
      const found = manifests(resources).find(
        ({ kind, metadata }) => /^(Deployment|StatefulSet)$/.test(kind) && metadata.name === name,
      );
      const image = shape.parse(found).spec.template.spec.containers[0]?.image;
      return [image, found?.metadata.labels?.["app.kubernetes.io/version"]];
    };
    assert.deepEqual(imageOf("sql"), ["docker.io/library/postgres:18.9", "18.9"]);
    assert.deepEqual(imageOf("ambassador"), ["ghcr.io/emissary-ingress/emissary:4.2.0", "4.2.0"]);
  });

  it("uses an external Kafka and object storage without running its own", async () => {
    const kafka = {
      mode: "external",
      bootstrapServers: ["kafka.example.com:9096"],
      brokers: 3,
      addressBlocks: ["203.0.113.0/24"],
      administration: { bootstrapServers: ["kafka.example.com:9096"], username: "admin" },
    };
    const administration = {
      bootstrapServers: ["kafka.example.com:9096"],
      username: "admin",
      password: "secret",
      tls: true,
    };
    const args = {
      ...parseSettings({ kafka, sql: { engine: "mariadb" } }),
      mediaStreams: false,
      retainData: true,
    };
    const { resources, result } = await deploy(
      () => new Platform("platform", { ...args, kafkaAdministration: administration }),
    );
    const names = manifests(resources)
      .filter(({ kind }) => kind === "StatefulSet")
      .map(({ metadata }) => metadata.name);
    assert.deepEqual(names.sort(), [
      "alertmanager",
      "grafana",
      "object-storage",
      "prometheus",
      "redis",
      "sql",
    ]);
    assert.equal(result.kafka.securityProtocol, "SASL_SSL");
    assert.equal(result.kafka.brokerCount, 3);
    assert.equal(result.mediaStreams, undefined);
  });
});
