import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { parseSettings } from "../../config/parse-settings";
import { serverCertificates } from "../../components/server-certificates";
import type { RegisteredResource } from "../harness/deploy";
import { exampleAuthority } from "../harness/example-authority";
import { awsSettings, systemModes } from "../harness/managed-settings";
import { manifests, theManifest, theResource } from "../harness/manifests";
import { deployStack } from "../harness/whole-stack";

const certificateShape = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }),
  spec: z.looseObject({
    secretName: z.string(),
    dnsNames: z.array(z.string()),
    ipAddresses: z.array(z.string()).optional(),
    issuerRef: z.object({ name: z.string(), kind: z.string(), group: z.literal("cert-manager.io") }),
    duration: z.string().optional(),
  }),
});
const podShape = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        volumes: z.array(
          z.looseObject({
            name: z.string(),
            secret: z.looseObject({ secretName: z.string().optional() }).optional(),
          }),
        ),
      }),
    }),
  }),
});
const configShape = z.looseObject({ data: z.looseObject({ "server.properties": z.string() }) });

const certificates = { issuer: { name: "own" }, caCertificate: exampleAuthority };
const ambassador = { hostname: "pipelines.example.com" };

function ordered(resources: readonly RegisteredResource[]): string[] {
  return manifests(resources)
    .filter(({ kind }) => kind === "Certificate")
    .map(({ metadata }) => metadata.name ?? "");
}

/** The Secret that a StatefulSet has its certificate from. */
function mounted(resources: readonly RegisteredResource[], name: string): string | undefined {
  const { volumes } = theManifest(resources, "StatefulSet", name, podShape).spec.template.spec;
  return volumes.find((volume) => volume.name === "certificates")?.secret?.secretName;
}

/** Hosts that the nodes' configuration has others connect to, for the first pods. */
function hostsIn(properties: string, role: "broker" | "controller"): string[] {
  const line = (key: string): string => new RegExp(`^${key}\\s*=\\s*(.*)$`, "m").exec(properties)?.[1] ?? "";
  const text = `${line("advertised.listeners")},${line("controller.quorum.voters")}`
    .replaceAll(/\\?\$\{env:POD_NAME\}/g, `kafka-${role}-0`)
    .replaceAll("\\", "");
  return [...text.matchAll(/(?:\/\/|@)([\w.-]+):\d+/g)].map(([, host]) => host ?? "");
}

describe("certificates of a platform", function () {
  this.timeout(60_000);

  it("are ordered for all that runs in the cluster, and mounted where they are read", async () => {
    const resources = await deployStack({ environment: "staging", ambassador, certificates });
    assert.deepEqual(ordered(resources).sort(), [
      "ambassador-certificate",
      "kafka-certificate",
      "sql-certificate",
    ]);
    assert.equal(mounted(resources, "kafka-broker"), "kafka-certificate");
    assert.equal(mounted(resources, "kafka-controller"), "kafka-certificate");
    assert.equal(mounted(resources, "sql"), "sql-certificate");
    const host = theManifest(
      resources,
      "Host",
      "ambassador",
      z.looseObject({ spec: z.looseObject({ tlsSecret: z.object({ name: z.string() }) }) }),
    );
    assert.equal(host.spec.tlsSecret.name, "ambassador-certificate");
  });

  it("hold for every host that Kafka's nodes and clients are told, outside and inside", async () => {
    for (const external of [undefined, ["127.0.0.1:30094"], ["kafka.example.com:30094"]]) {
      const kafka = {
        mode: "cluster",
        brokers: 1,
        controllers: 3,
        ...(external && {
          external: { type: "NodePort", addresses: external, addressBlocks: ["10.0.0.0/8"] },
        }),
      };
      const resources = await deployStack({ environment: "kind", namespace: "acme", certificates, kafka });
      const { spec } = theManifest(resources, "Certificate", "kafka-certificate", certificateShape);
      const holdsFor = (host: string): boolean =>
        (spec.ipAddresses ?? []).includes(host) ||
        spec.dnsNames.includes(host) ||
        spec.dnsNames.includes(host.replace(/^[^.]+/, "*"));
      const hosts = (["broker", "controller"] as const).flatMap((role) => {
        const config = theManifest(resources, "ConfigMap", `kafka-${role}-configuration`, configShape);
        return hostsIn(config.data["server.properties"], role);
      });
      const outside = (external ?? []).map((address) => address.replace(/:\d+$/, ""));
      const told = [...hosts, "kafka-broker.acme.svc", ...outside];
      assert.ok(told.length >= 8, told.join(", "));
      assert.deepEqual(
        told.filter((host) => !holdsFor(host)),
        [],
      );
    }
  });

  it("are awaited by whoever reads them, but for that of the edge, which an authority may have to reach", async () => {
    const resources = await deployStack({ environment: "staging", ambassador, certificates });
    const awaited = (name: string): string | undefined =>
      theManifest(resources, "Certificate", name, certificateShape).metadata.annotations?.[
        "pulumi.com/waitFor"
      ];
    assert.equal(awaited("kafka-certificate"), "condition=Ready");
    assert.equal(awaited("sql-certificate"), "condition=Ready");
    assert.equal(awaited("ambassador-certificate"), undefined);
    const type = "kubernetes:cert-manager.io/v1:Certificate";
    const { urn } = theResource(resources, type, "certificates-kafka");
    for (const name of ["kafka-broker", "kafka-controller"]) {
      const { dependencies } = theResource(resources, "kubernetes:apps/v1:StatefulSet", name);
      assert.ok(dependencies.includes(urn), name);
    }
  });

  it("are signed by another issuer at the edge where there is one, and hold as long as that says", async () => {
    const edgeIssuer = { name: "public", kind: "Issuer" };
    const resources = await deployStack({
      environment: "staging",
      ambassador,
      certificates: { ...certificates, edgeIssuer },
    });
    const specOf = (name: string): z.infer<typeof certificateShape>["spec"] =>
      theManifest(resources, "Certificate", name, certificateShape).spec;
    const edge = specOf("ambassador-certificate");
    assert.deepEqual(edge.issuerRef, { name: "public", kind: "Issuer", group: "cert-manager.io" });
    assert.deepEqual(edge.dnsNames, ["pipelines.example.com"]);
    assert.equal(edge.duration, undefined);
    const kafka = specOf("kafka-certificate");
    assert.deepEqual(kafka.issuerRef, { name: "own", kind: "ClusterIssuer", group: "cert-manager.io" });
    assert.equal(kafka.duration, "8760h");
  });

  it("are not ordered for systems whose Secret the settings name", async () => {
    const resources = await deployStack({
      environment: "staging",
      certificates,
      ambassador: { tlsSecretName: "edge" },
      kafka: { mode: "cluster", tls: { secretName: "brokers" } },
      sql: { tls: { secretName: "database" } },
    });
    assert.deepEqual(ordered(resources), []);
    assert.equal(mounted(resources, "kafka-broker"), "brokers");
    assert.equal(mounted(resources, "sql"), "database");
    // The authority is that of the issuer, who has not signed these.
    const provider = theResource(resources, "pulumi:providers:kafka", "kafka").inputs;
    assert.equal(provider["caCert"], undefined);
    assert.equal(String(provider["tlsEnabled"]), "true");
  });

  it("are ordered for the edge alone where AWS runs the rest", async () => {
    const resources = await deployStack({
      environment: "staging",
      ambassador,
      certificates,
      aws: awsSettings,
      kafka: systemModes.kafka.msk,
      sql: systemModes.sql.rds,
      redis: systemModes.redis.elasticache,
    });
    assert.deepEqual(ordered(resources), ["ambassador-certificate"]);
  });

  it("are none without an issuer and Secrets", async () => {
    const resources = await deployStack({ environment: "dev" });
    assert.deepEqual(ordered(resources), []);
    assert.equal(mounted(resources, "kafka-broker"), undefined);
    const { namespace, ...settings } = parseSettings({ environment: "dev" });
    assert.equal(serverCertificates({ ...settings, namespace }).size, 0);
  });

  it("are checked by every client of Kafka, and by what makes its topics", async () => {
    const resources = await deployStack({ environment: "staging", ambassador, certificates });
    const provider = theResource(resources, "pulumi:providers:kafka", "kafka").inputs;
    assert.equal(String(provider["tlsEnabled"]), "true");
    assert.equal(provider["caCert"], exampleAuthority);
    const authorities = manifests(resources).flatMap((object) => {
      const parsed = z
        .looseObject({ kind: z.literal("Secret"), stringData: z.looseObject({ "ca.crt": z.string() }) })
        .safeParse(object);
      return parsed.success ? [parsed.data.stringData["ca.crt"]] : [];
    });
    assert.ok(authorities.length > 5, `${authorities.length} Secrets`);
    assert.deepEqual([...new Set(authorities)], [exampleAuthority]);
    const inClear = JSON.stringify(manifests(resources)).match(/SASL_PLAINTEXT|"KAFKA_TLS","value":"false"/g);
    assert.equal(inClear, null);
    assert.ok(new X509Certificate(exampleAuthority).ca);
  });
});
