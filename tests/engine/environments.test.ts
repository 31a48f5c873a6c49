import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { until } from "../../local/process/until";
import { startCertManager, type CertManager } from "./cert-manager";
import { EngineEnvironment } from "./engine-environment";
import { startThreeBrokers, type ThreeBrokers } from "./three-brokers";

const namespace = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
});
const pod = z.object({
  metadata: z.object({ namespace: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ nodeName: z.string() }),
});
const certificate = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ secretName: z.string() }),
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});
const settings = z.looseObject({ caCertificate: z.string() });

/** A stack of this project. */
interface StackUnderTest {
  readonly name: string;
  /** What else must be there before the stack is brought up. */
  readonly prepare?: (engine: EngineEnvironment, certManager: CertManager) => Promise<void>;
  /** Names and addresses that clients of each system use, by its Secret. */
  readonly servers: Readonly<Record<string, readonly string[]>>;
}

/**
 * A stack on the embedded cluster, with cert-manager's own controllers and an authority made as docs/tls.md says. No
 * container runs there, so nobody reads the certificates but this test; tests/software starts the servers.
 */
function describeStack(
  { name, prepare, servers }: StackUnderTest,
  further: (engine: () => EngineEnvironment) => void,
): void {
  describe(`the stack ${name} on a real cluster`, function () {
    this.timeout(900_000);
    let engine: EngineEnvironment;
    let certManager: CertManager;
    let policies: readonly string[];

    before(async () => {
      engine = await EngineEnvironment.start({ stack: name });
      certManager = await startCertManager(engine);
      await prepare?.(engine, certManager);
      const { caCertificate } = certManager;
      const stated = settings.parse(engine.configured("algorun:certificates"));
      engine.configure({ "algorun:certificates": { ...stated, caCertificate } });
      const config = engine.file("policies.json", JSON.stringify({ all: "mandatory" }));
      policies = ["--policy-pack", "policies", "--policy-pack-config", config];
    });

    after(async () => {
      await certManager.stop();
      await engine.stop();
    });

    it("comes up whole, and breaks no policy, all of which bind it", async () => {
      const said = await engine.up(...policies);
      assert.match(said, /algorun@v[\d.]+/);
      assert.doesNotMatch(said, /\[(mandatory|advisory)\]/);
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

    it("has certificates of its authority, for every name by which its servers are reached", async () => {
      const made = await engine.objects(certificate, "certificates.cert-manager.io", "-n", "algorun");
      const isReady = ({ status }: z.infer<typeof certificate>): boolean =>
        status.conditions.some(({ type, status: value }) => type === "Ready" && value === "True");
      assert.deepEqual(
        made.filter((each) => !isReady(each)).map(({ metadata }) => metadata.name),
        [],
      );
      assert.deepEqual(made.map(({ spec }) => spec.secretName).sort(), Object.keys(servers).sort());
      const authority = new X509Certificate(certManager.caCertificate);
      for (const [secretName, hosts] of Object.entries(servers)) {
        const files = await engine.secret("algorun", secretName);
        const shown = new X509Certificate(files["tls.crt"] ?? "");
        assert.ok(shown.verify(authority.publicKey), secretName);
        assert.match(files["tls.key"] ?? "", /^-----BEGIN PRIVATE KEY-----/);
        const unknown = hosts.filter((host) => (shown.checkHost(host) ?? shown.checkIP(host)) === undefined);
        assert.deepEqual(unknown, [], secretName);
      }
    });

    it("gives the pods of pipelines what they trust Kafka by", async () => {
      const secrets = await engine.objects(
        z.object({ data: z.record(z.string(), z.string()).default({}) }),
        "secrets",
        "-n",
        "algorun-acme-order-enrichment",
      );
      const authorities = secrets.flatMap(({ data }) => data["ca.crt"] ?? []);
      assert.ok(authorities.length >= 5, `${authorities.length} Secrets`);
      for (const text of authorities)
        assert.equal(Buffer.from(text, "base64").toString(), certManager.caCertificate);
    });

    it("has nothing to do a second time", async () => {
      await engine.up("--expect-no-changes", ...policies);
    });

    further(() => engine);
  });
}

const inside = {
  "kafka-certificate": [
    "kafka-broker.algorun.svc",
    "kafka-broker-0.kafka-broker-headless.algorun.svc",
    "kafka-controller-0.kafka-controller-headless.algorun.svc",
  ],
  "redis-certificate": [
    "redis.algorun.svc",
    "redis-0.redis-headless.algorun.svc",
    "redis-second-0.redis-second-headless.algorun.svc",
  ],
  "sql-certificate": ["sql.algorun.svc", "sql-0.sql-headless.algorun.svc"],
};

describeStack(
  {
    name: "kind",
    servers: {
      ...inside,
      "kafka-certificate": [...inside["kafka-certificate"], "127.0.0.1"],
      "ambassador-certificate": ["localhost", "127.0.0.1", "ambassador-edge.algorun.svc"],
    },
  },
  (engine) => {
    it("lets clients outside reach its broker, from the stated networks only", async () => {
      const policy = await engine().objects(
        z.object({
          metadata: z.object({ name: z.string() }),
          spec: z.object({ ingress: z.array(z.unknown()).default([]) }),
        }),
        "networkpolicies",
        "-n",
        "algorun",
      );
      const rules = policy.find(({ metadata }) => metadata.name === "kafka-broker")?.spec.ingress;
      assert.deepEqual(
        rules?.filter((rule) => JSON.stringify(rule).includes("9094")),
        [{ from: [{ ipBlock: { cidr: "172.16.0.0/12" } }], ports: [{ port: 9094, protocol: "TCP" }] }],
      );
      const [service] = await engine().objects(
        z.object({
          spec: z.object({ type: z.string(), ports: z.array(z.object({ nodePort: z.number() })) }),
        }),
        "services",
        "-n",
        "algorun",
        "--field-selector",
        "metadata.name=kafka-broker-0-external",
      );
      assert.deepEqual(service?.spec, { type: "NodePort", ports: [{ nodePort: 30094 }] });
    });
  },
);

let kafka: ThreeBrokers | undefined;

describeStack(
  {
    name: "staging",
    prepare: async (engine, certManager) => {
      // Stands for a public authority, which would sign no name that is made up.
      await certManager.makeIssuer("letsencrypt");
      kafka = await startThreeBrokers((addresses) => certManager.issue("brokers-under-test", addresses));
      engine.useKafka(kafka.connection);
    },
    servers: { ...inside, "ambassador-certificate": ["staging.pipelines.example.com"] },
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
