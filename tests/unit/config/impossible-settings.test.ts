import assert from "node:assert/strict";
import { impossibleSettings } from "../../../config/impossible-settings";
import { parseSettings, type ConfigValues } from "../../../config/parse-settings";
import { secretKeys, type SecretKey } from "../../../config/secret-keys";
import { exampleAuthority } from "../../harness/example-authority";

const administration = { bootstrapServers: ["kafka.example.org:9094"], username: "admin" };
const externalStorage = {
  engine: "external",
  endpoint: "https://s3.example.org",
  region: "eu-1",
  accessKeyId: "AKIA1",
  addressBlocks: ["10.0.0.0/16"],
};
const issued: ConfigValues = {
  environment: "staging",
  ambassador: { hostname: "pipelines.example.org" },
  certificates: { issuer: { name: "own" }, caCertificate: exampleAuthority },
};
const serving: ConfigValues = { environment: "staging", ambassador: { tlsSecretName: "edge" } };

function mistakes(values: ConfigValues, ...secrets: readonly SecretKey[]): readonly string[] {
  return impossibleSettings(parseSettings(values), new Set(secrets));
}

/** What can't hold together, what is said of it, and a change of values or secrets that makes it hold. */
const combinations: readonly {
  readonly is: string;
  readonly values: ConfigValues;
  readonly secrets?: readonly SecretKey[];
  readonly said: RegExp;
  readonly mended: { readonly values?: ConfigValues; readonly secrets?: readonly SecretKey[] };
}[] = [
  {
    is: "an edge in staging without TLS",
    values: { environment: "staging" },
    said: /^algorun:ambassador\.tlsSecretName: is missing, expected the name of a Secret in staging.*kubectl create secret tls/,
    mended: { values: { ambassador: { serviceType: "ClusterIP" } } },
  },
  {
    is: "an edge in prod without TLS",
    values: {},
    said: /^algorun:ambassador\.tlsSecretName: is missing, expected the name of a Secret in prod/,
    mended: { values: { ambassador: { tlsSecretName: "edge" } } },
  },
  {
    is: "an edge in staging without TLS, which cert-manager could have",
    values: { environment: "staging", ambassador: issued["ambassador"] },
    said: /^algorun:ambassador\.tlsSecretName: is missing.*set algorun:certificates, and cert-manager makes one/,
    mended: { values: issued },
  },
  {
    is: "a certificate for an edge without a name",
    values: { ...issued, ambassador: {} },
    said: /^algorun:ambassador\.hostname: found "\*", expected a host name in staging, since a certificate is ordered/,
    mended: { values: { ambassador: { tlsSecretName: "edge" } } },
  },
  {
    is: "an issuer for an edge that has a Secret",
    values: {
      ...issued,
      ambassador: { tlsSecretName: "edge" },
      certificates: {
        issuer: { name: "own" },
        edgeIssuer: { name: "public" },
        caCertificate: exampleAuthority,
      },
    },
    said: /^algorun:certificates\.edgeIssuer: found an issuer, expected none.*names the edge's Secret, edge: remove one/,
    mended: { values: { ambassador: { hostname: "pipelines.example.org" } } },
  },
  {
    is: "too few brokers for the copies of staging",
    values: { ...serving, kafka: { mode: "cluster", brokers: 2 } },
    said: /^algorun:kafka\.brokers: found 2, expected at least 3 in staging.*add brokers/,
    mended: { values: { environment: "kind" } },
  },
  {
    is: "a system of the platform's where another stack makes the platform",
    values: { platformStack: "base", redis: { storageSize: "1Gi" } },
    said: /^algorun:redis: found a value, expected none beside algorun:platformStack, since the stack "base" makes the platform: set it there, pulumi config rm algorun:redis here$/,
    mended: { values: { redis: {} } },
  },
  {
    is: "a rotation of the platform's secrets where another stack makes the platform",
    values: { platformStack: "base", rotation: { grafana: 2 } },
    said: /^algorun:rotation\.grafana: found a value, expected none beside algorun:platformStack/,
    mended: { values: { rotation: { kafkaUsers: 2 } } },
  },
  {
    is: "an address for alerts where another stack makes the platform",
    values: { platformStack: "base" },
    secrets: ["alertWebhookUrl"],
    said: /^algorun:alertWebhookUrl: found a secret, expected none beside algorun:platformStack/,
    mended: { secrets: [] },
  },
  {
    is: "a primary of Redis that goes with the second server",
    values: { ...serving, redis: { primary: "second" } },
    said: /^algorun:redis\.primary: found second, expected first, since redis\.replicas is 1/,
    mended: { values: { redis: { primary: "second", replicas: 2 } } },
  },
  {
    is: "an administrator of Kafka without a password",
    values: { ...serving, kafka: { mode: "cluster", administration } },
    said: /^algorun:kafkaPassword: is missing, expected the password of "admin".*: pulumi config set --secret algorun:kafkaPassword$/,
    mended: { secrets: ["kafkaPassword"] },
  },
  {
    is: "a password of nobody",
    values: serving,
    secrets: ["kafkaPassword"],
    said: /^algorun:kafkaPassword: found a secret, expected none.*: pulumi config rm algorun:kafkaPassword$/,
    mended: { values: { kafka: { mode: "cluster", administration } } },
  },
  {
    is: "an external storage without the secret of its key",
    values: { ...serving, objectStorage: externalStorage },
    said: /^algorun:objectStorageSecretAccessKey: is missing, expected the secret of the key "AKIA1"/,
    mended: { secrets: ["objectStorageSecretAccessKey"] },
  },
  {
    is: "a secret of a storage that runs in the cluster",
    values: serving,
    secrets: ["objectStorageSecretAccessKey"],
    said: /^algorun:objectStorageSecretAccessKey: found a secret, expected none, since algorun:objectStorage\.engine is minio/,
    mended: { values: { objectStorage: externalStorage } },
  },
  {
    is: "two clusters",
    values: { environment: "dev", connections: "environment.json", kubernetes: { context: "mine" } },
    said: /^algorun:kubernetes\.context: found "mine", expected none beside algorun:connections.*remove one/,
    mended: { values: { kubernetes: {} } },
  },
];

describe("settings that can't hold together", () => {
  for (const { is, values, secrets = [], said, mended } of combinations) {
    it(`are refused: ${is}`, () => {
      const found = mistakes(values, ...secrets);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", said);
      const after = mistakes({ ...values, ...mended.values }, ...(mended.secrets ?? secrets));
      assert.deepEqual(after, []);
    });
  }

  it("are reported all at once", () => {
    const values = { kafka: { mode: "cluster", brokers: 1, administration }, objectStorage: externalStorage };
    assert.equal(mistakes(values).length, 4);
  });

  it("are none in a laptop's stack without anything", () => {
    assert.deepEqual(mistakes({ environment: "kind" }), []);
    assert.ok(Object.keys(secretKeys).length > 3);
  });
});
