import assert from "node:assert/strict";
import { z } from "zod";
import type { RegisteredResource } from "../../harness/deploy";
import { manifests, theManifest } from "../../harness/manifests";
import { podTemplates, type OwnedPodTemplate } from "../../harness/pod-templates";
import { ofType, resourcesOf } from "./pipeline-under-test";
import { platformUnderTest } from "./platform-under-test";
import type { PipelineUnderTest } from "./plans-under-test";

const solo: PipelineUnderTest = { algos: [{ name: "solo" }] };

function gatewayPod(resources: readonly RegisteredResource[]): OwnedPodTemplate["template"] {
  const found = podTemplates(resources).find(
    ({ name, kind }) => name === "endpoint" && kind === "StatefulSet",
  );
  assert.ok(found);
  return found.template;
}

const statefulSetSchema = z.looseObject({
  spec: z.looseObject({
    replicas: z.number().optional(),
    serviceName: z.string(),
    volumeClaimTemplates: z.array(
      z.looseObject({
        metadata: z.looseObject({ name: z.string() }),
        spec: z.looseObject({ resources: z.object({ requests: z.object({ storage: z.string() }) }) }),
      }),
    ),
  }),
});

const serviceSchema = z.looseObject({
  spec: z.looseObject({
    clusterIP: z.string().optional(),
    ports: z.array(z.looseObject({ name: z.string(), port: z.number() })),
  }),
});

const mappingSchema = z.looseObject({
  metadata: z.looseObject({ namespace: z.string() }),
  spec: z.looseObject({}),
});

const policySchema = z.looseObject({
  spec: z.looseObject({
    ingress: z.array(
      z.looseObject({ from: z.array(z.unknown()), ports: z.array(z.looseObject({ port: z.number() })) }),
    ),
    egress: z.array(z.looseObject({ to: z.array(z.unknown()) })),
  }),
});

const pods = (system: string): unknown => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "platform" } },
  podSelector: { matchLabels: { "app.kubernetes.io/instance": system } },
});

describe("an endpoint", () => {
  it("keeps its write-ahead log on a volume of each pod", async () => {
    const resources = await resourcesOf({
      ...solo,
      endpoint: "producer: { wal: { size: 3Gi, path: /data/log } }",
    });
    const { spec } = theManifest(resources, "StatefulSet", "endpoint", statefulSetSchema);
    const claims = spec.volumeClaimTemplates.map((claim) => [
      claim.metadata.name,
      claim.spec.resources.requests.storage,
    ]);
    assert.deepEqual(claims, [["wal", "3Gi"]]);
    const [gateway] = gatewayPod(resources).spec.containers;
    assert.ok(
      gateway?.volumeMounts.some(({ name, mountPath }) => name === "wal" && mountPath === "/data/log"),
    );
  });

  it("asks for the storage class that its document names", async () => {
    const resources = await resourcesOf({
      ...solo,
      endpoint: "producer: { wal: { storageClass: fast } }",
    });
    const { spec } = theManifest(resources, "StatefulSet", "endpoint", statefulSetSchema);
    assert.deepEqual(
      spec.volumeClaimTemplates.map((claim) => claim.spec["storageClassName"]),
      ["fast"],
    );
  });

  it("keeps a log in memory within its size, and claims no volume for it", async () => {
    const resources = await resourcesOf({
      ...solo,
      endpoint: "resources: { limits: { memory: 1Gi } }, producer: { wal: { in_memory: true, size: 128Mi } }",
    });
    const { spec } = theManifest(resources, "StatefulSet", "endpoint", statefulSetSchema);
    assert.deepEqual(spec.volumeClaimTemplates, []);
    const log = gatewayPod(resources).spec.volumes.find(({ name }) => name === "wal");
    assert.deepEqual(log?.["emptyDir"], { medium: "Memory", sizeLimit: "128Mi" });
  });

  it("listens where its document says, and all who come know it", async () => {
    const listen = 'http: { listen: ":9001" }, grpc: { listen: ":9002" }, monitoring: { listen: ":9003" }';
    const resources = await resourcesOf({ ...solo, endpoint: `server: { ${listen} }` });
    const [gateway] = gatewayPod(resources).spec.containers;
    assert.deepEqual(
      gateway?.ports.map(({ name, containerPort }) => [name, containerPort]),
      [
        ["http", 9001],
        ["grpc", 9002],
        ["metrics", 9003],
      ],
    );
    const probed = [gateway.livenessProbe, gateway.readinessProbe].map((probe) => JSON.stringify(probe));
    for (const probe of probed) assert.match(probe, /"port":"metrics"/);
    const service = theManifest(resources, "Service", "endpoint", serviceSchema);
    assert.deepEqual(
      service.spec.ports.map(({ port }) => port),
      [9001, 9002, 9003],
    );
    const mapping = theManifest(resources, "Mapping", "endpoint-http", mappingSchema);
    assert.equal(mapping.spec["service"], "endpoint.algorun-acme-texts:9001");
    const policy = theManifest(resources, "NetworkPolicy", "endpoint", policySchema);
    assert.deepEqual(
      policy.spec.ingress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [9001, 9002, 9003],
    );
    const annotations = gatewayPod(resources).metadata.annotations;
    assert.equal(annotations?.["scrape.example/port"], "9003");
  });

  it("is reached through a Service, and its pods by name through a headless one", async () => {
    const resources = await resourcesOf(solo);
    const service = theManifest(resources, "Service", "endpoint", serviceSchema);
    assert.deepEqual(
      service.spec.ports.map(({ name, port }) => [name, port]),
      [
        ["http", 18080],
        ["grpc", 18282],
        ["metrics", 28080],
      ],
    );
    assert.equal(
      theManifest(resources, "Service", "endpoint-headless", serviceSchema).spec.clusterIP,
      "None",
    );
    const { spec } = theManifest(resources, "StatefulSet", "endpoint", statefulSetSchema);
    assert.equal(spec.serviceName, "endpoint-headless");
    assert.equal(manifests(resources).filter(({ kind }) => kind === "Service").length, 2);
  });

  it("lets in the edge at its paths' ports, Prometheus at its metrics, and nobody else", async () => {
    const { spec } = theManifest(await resourcesOf(solo), "NetworkPolicy", "endpoint", policySchema);
    const own = { podSelector: { matchLabels: { "app.kubernetes.io/instance": "endpoint" } } };
    assert.deepEqual(
      spec.ingress.map(({ from, ports }) => [from, ports.map(({ port }) => port)]),
      [
        [[pods("edge")], [18080]],
        [[own], [18282]],
        [[pods("metrics")], [28080]],
      ],
    );
    const targets = spec.egress.flatMap(({ to }) => to);
    assert.deepEqual(targets.slice(1), [pods("kafka")]);
  });

  it("is routed by prefix, with time for uploads", async () => {
    const resources = await resourcesOf(solo);
    const { metadata, spec } = theManifest(resources, "Mapping", "endpoint-http", mappingSchema);
    assert.equal(metadata.namespace, "algorun-acme-texts");
    const { labels, ...rest } = spec;
    assert.ok(labels !== undefined, "it is not under the rate limit");
    assert.deepEqual(rest, {
      hostname: "algorun.example",
      prefix: "/run/http/acme/texts/",
      rewrite: "/acme/texts/",
      service: "endpoint.algorun-acme-texts:18080",
      timeout_ms: 300_000,
    });
    assert.equal(ofType(resources, ":Mapping").length, 1);
  });

  it("is routed by header for gRPC, whose streams may last", async () => {
    const resources = await resourcesOf({ ...solo, path: "endpointType: gRPC" });
    const { spec } = theManifest(resources, "Mapping", "endpoint-grpc", mappingSchema);
    const { labels, ...rest } = spec;
    assert.ok(labels !== undefined, "it is not under the rate limit");
    assert.deepEqual(rest, {
      hostname: "algorun.example",
      prefix: "/PipelineEndpoint/",
      rewrite: "",
      service: "endpoint.algorun-acme-texts:18282",
      headers: { "x-algorun-deployment": "acme.texts" },
      grpc: true,
      timeout_ms: 0,
      idle_timeout_ms: 300_000,
    });
  });

  it("pulls media streams from the platform, and has no route for them", async () => {
    const resources = await resourcesOf({
      ...solo,
      path: "endpointType: RTMP, messageDataType: FileReference",
    });
    const [gateway] = gatewayPod(resources).spec.containers;
    assert.equal(
      gateway?.env.find(({ name }) => name === "RTMP_ADDRESS")?.value,
      "rtmp://media.platform.svc:1935/live",
    );
    assert.equal(ofType(resources, ":Mapping").length, 0);
    const { spec } = theManifest(resources, "NetworkPolicy", "endpoint", policySchema);
    assert.deepEqual(spec.egress.flatMap(({ to }) => to).slice(1), [
      pods("kafka"),
      pods("storage"),
      pods("media"),
    ]);
  });

  it("asks for a media server where the platform has none", async () => {
    const path = "endpointType: RTMP, messageDataType: FileReference";
    await assert.rejects(
      resourcesOf({ ...solo, path }, { platform: { ...platformUnderTest(), mediaStreams: undefined } }),
      /the plan asks for mediaStreams, and the platform has none/,
    );
  });

  it("begins with its number of pods, and leaves it to its autoscaler", async () => {
    const endpoint = "replicas: 2, autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 5 }";
    const resources = await resourcesOf({ ...solo, endpoint });
    const { spec } = theManifest(resources, "StatefulSet", "endpoint", statefulSetSchema);
    assert.equal(spec.replicas, 2);
    const scaler = theManifest(
      resources,
      "HorizontalPodAutoscaler",
      "endpoint",
      z.looseObject({ spec: z.unknown() }),
    );
    assert.deepEqual(scaler.spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: "endpoint" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
        },
      ],
    });
  });
});
