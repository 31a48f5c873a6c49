import assert from "node:assert/strict";
import { z } from "zod";
import { AwsAccount } from "../../../components/aws/aws-account";
import {
  ElastiCacheRedis,
  type ElastiCacheRedisArgs,
} from "../../../components/backend/redis/elasticache-redis";
import { ExternalRedis, type ExternalRedisArgs } from "../../../components/backend/redis/external-redis";
import { Redis } from "../../../components/backend/redis/redis";
import { RateLimit } from "../../../components/ingress/rate-limit";
import type { RedisService } from "../../../components/platform-services";
import { theAwsResource } from "../../harness/aws-resources";
import { deploy, settle, type Deployed, type RegisteredResource } from "../../harness/deploy";
import { theManifest } from "../../harness/manifests";
import { awsSettings, externalBlock } from "../../harness/managed-settings";
import { podTemplates } from "../../harness/pod-templates";

function makeElastiCache(args: Partial<ElastiCacheRedisArgs> = {}): ElastiCacheRedis {
  const account = new AwsAccount("aws", { ...awsSettings, retainData: true });
  const settings = { nodeType: "cache.t4g.small", nodes: 2, engineVersion: "8.0" };
  return new ElastiCacheRedis("redis", { account, ...settings, ...args });
}

function elastiCache(args: Partial<ElastiCacheRedisArgs> = {}): Promise<Deployed<ElastiCacheRedis>> {
  return deploy(() => makeElastiCache(args));
}

function makeExternal(args: Partial<ExternalRedisArgs> = {}): ExternalRedis {
  return new ExternalRedis("redis", {
    endpoint: "redis.example.com:6380",
    password: "a-password",
    tls: true,
    addressBlocks: [externalBlock],
    ...args,
  });
}

describe("ElastiCacheRedis", () => {
  it("has nodes in several zones, of which one takes over, and TLS alone", async () => {
    const { resources } = await elastiCache({ nodes: 3 });
    const group = theAwsResource(resources, "elasticache/replicationGroup:ReplicationGroup");
    const expected = {
      replicationGroupId: "acme-prod-redis",
      engine: "valkey",
      engineVersion: "8.0",
      numCacheClusters: 3,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: "arn:aws:aws:kms/key:Key:aws-key",
      securityGroupIds: ["redis-id"],
      subnetGroupName: "acme-prod-redis",
    };
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, group.inputs[key]]));
    assert.deepEqual(found, expected);
  });

  it("refuses what doesn't fit, like the one in the cluster", async () => {
    const { resources } = await elastiCache();
    const { inputs } = theAwsResource(resources, "elasticache/parameterGroup:ParameterGroup");
    assert.equal(inputs["family"], "valkey8");
    assert.deepEqual(inputs["parameters"], [{ name: "maxmemory-policy", value: "noeviction" }]);
  });

  it("has a password that the engine encrypts", async () => {
    const { resources, result } = await elastiCache();
    const group = theAwsResource(resources, "elasticache/replicationGroup:ReplicationGroup");
    assert.deepEqual(group.secrets, ["authToken"]);
    assert.equal(group.inputs["authToken"], await settle(result.password));
  });

  it("is refused with a single node, which nobody takes over from", async () => {
    await assert.rejects(async () => elastiCache({ nodes: 1 }), /found 1, expected 2 or more/);
  });
});

describe("ExternalRedis", () => {
  it("is reached at its port and its networks", async () => {
    const { result, resources } = await deploy(makeExternal);
    assert.deepEqual(result.address, { peers: [{ ipBlock: { cidr: externalBlock } }], ports: [6380] });
    assert.deepEqual(
      resources.filter(({ custom }) => custom),
      [],
    );
  });

  it("is refused without a port", async () => {
    await assert.rejects(
      async () => deploy(() => makeExternal({ endpoint: "redis.example.com" })),
      /Redis: found redis\.example\.com, expected host:port/,
    );
  });
});

describe("the rate-limit service", () => {
  const secretShape = z.looseObject({ stringData: z.record(z.string(), z.string()) });

  async function withStore(make: () => RedisService): Promise<{
    readonly variables: Readonly<Record<string, string | undefined>>;
    readonly login: string | undefined;
    readonly resources: readonly RegisteredResource[];
  }> {
    const { resources } = await deploy(
      () => new RateLimit("ratelimit", { namespace: "algorun", redis: make(), clients: [] }),
    );
    const template = podTemplates(resources).find(({ name }) => name === "ratelimit")?.template;
    const env = template?.spec.containers[0]?.env ?? [];
    const ofStore = env.filter(({ name }) => /^REDIS_(URL|TLS)/.test(name));
    return {
      variables: Object.fromEntries(ofStore.map(({ name, value }) => [name, value])),
      login: theManifest(resources, "Secret", "ratelimit-store", secretShape).stringData["store-login"],
      resources,
    };
  }

  it("speaks no TLS within the cluster", async () => {
    const { variables, login } = await withStore(() => new Redis("redis", { namespace: "algorun" }));
    assert.deepEqual(variables, { REDIS_URL: "redis.algorun.svc:6379" });
    assert.equal(login, "redis-password-result");
  });

  it("speaks TLS within the cluster, and checks the certificate by the authority of its Secret", async () => {
    const tls = { secretName: "redis-certificate" };
    const { variables, resources } = await withStore(
      () => new Redis("redis", { namespace: "algorun", replicas: 2, tls }),
    );
    assert.deepEqual(variables, {
      REDIS_URL: "redis.algorun.svc:6379",
      REDIS_TLS: "true",
      REDIS_TLS_CACERT: "/etc/algorun/store-authority/ca.crt",
    });
    const template = podTemplates(resources).find(({ name }) => name === "ratelimit")?.template;
    const volume = template?.spec.volumes.find(({ name }) => name === "store-authority");
    const items = [{ key: "ca.crt", path: "ca.crt" }];
    assert.deepEqual(volume?.["secret"], { ...tls, defaultMode: 0o440, items });
  });

  it("speaks TLS to ElastiCache, whose authority every client knows", async () => {
    const { variables, login } = await withStore(makeElastiCache);
    assert.deepEqual(variables, { REDIS_URL: "redis.cache.example:6379", REDIS_TLS: "true" });
    assert.equal(login, "redis-password-result");
  });

  it("knows the authority and the user of somebody else's", async () => {
    const { variables, login, resources } = await withStore(() =>
      makeExternal({ username: "limits", caCertificate: "-----BEGIN CERTIFICATE-----" }),
    );
    assert.deepEqual(variables, {
      REDIS_URL: "redis.example.com:6380",
      REDIS_TLS: "true",
      REDIS_TLS_CACERT: "/etc/algorun/store-authority/ca.crt",
    });
    assert.equal(login, "limits:a-password");
    const shape = z.looseObject({ data: z.record(z.string(), z.string()) });
    const authority = theManifest(resources, "ConfigMap", "ratelimit-store-authority", shape);
    assert.equal(authority.data["ca.crt"], "-----BEGIN CERTIFICATE-----");
  });
});
