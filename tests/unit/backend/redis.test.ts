import assert from "node:assert/strict";
import { z } from "zod";
import { Redis, redisCertificateNames, type RedisArgs } from "../../../components/backend/redis/redis";
import { podsOf } from "../../../components/workload/network-policy";
import { deploy, settle, type RegisteredResource } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { manifests, theManifest } from "../../harness/manifests";
import { podTemplates } from "../../harness/pod-templates";

const tls = { secretName: "redis-certificate" };
const clients = [podsOf("ratelimit")];

async function redis(
  args: Partial<RedisArgs> = {},
): Promise<{ readonly resources: readonly RegisteredResource[]; readonly result: Redis }> {
  return deploy(() => new Redis("redis", { namespace: "algorun", clients, ...args }));
}

const configShape = z.looseObject({ data: z.object({ "valkey.conf": z.string() }) });
const specShape = z.looseObject({ spec: z.looseObject({}) });

function configOf(resources: readonly RegisteredResource[], server: string): string {
  return theManifest(resources, "ConfigMap", `${server}-config`, configShape).data["valkey.conf"];
}

function specOf(resources: readonly RegisteredResource[], kind: string, name: string): unknown {
  return theManifest(resources, kind, name, specShape).spec;
}

/** Who may connect to a server, and to whom it may. */
function doorsOf(resources: readonly RegisteredResource[], server: string): unknown {
  const shape = z.looseObject({
    spec: z.looseObject({
      ingress: z.array(z.looseObject({ from: z.array(z.unknown()) })),
      egress: z.array(z.looseObject({ to: z.array(z.unknown()) })),
    }),
  });
  const { ingress, egress } = theManifest(resources, "NetworkPolicy", server, shape).spec;
  return { from: ingress.flatMap(({ from }) => from), to: egress.slice(1).flatMap(({ to }) => to) };
}

/** The fields of a StatefulSet that Kubernetes refuses to change. */
function fixedFields(resources: readonly RegisteredResource[]): unknown {
  const shape = z.looseObject({
    spec: z.object({
      podManagementPolicy: z.string(),
      revisionHistoryLimit: z.number(),
      selector: z.unknown(),
      serviceName: z.string(),
      volumeClaimTemplates: z.unknown(),
    }),
  });
  return theManifest(resources, "StatefulSet", "redis", shape).spec;
}

describe("Redis", () => {
  it("is one server in clear, unless it is told otherwise", async () => {
    const { resources, result } = await redis();
    const sets = manifests(resources).filter(({ kind }) => kind === "StatefulSet");
    assert.deepEqual(
      sets.map(({ metadata }) => metadata.name),
      ["redis"],
    );
    assert.doesNotMatch(configOf(resources, "redis"), /tls|replica|include/);
    assert.equal(result.tls, false);
    assert.equal(result.authority, undefined);
  });

  for (const args of [{}, { replicas: 2 }, { tls }, { replicas: 2, primary: "second", tls }] as const) {
    it(`hardens every pod of ${JSON.stringify(args)}`, async () => {
      assertHardened((await redis(args)).resources);
    });
  }

  it("becomes two servers, with TLS, without a change that would replace the first and its data", async () => {
    const [before, after] = [
      await redis(),
      await redis({ replicas: 2, primary: "second", tls, storageSize: "2Gi" }),
    ];
    assert.deepEqual(fixedFields(after.resources), fixedFields(before.resources));
    const urns = new Set(after.resources.map(({ type, name }) => `${type} ${name}`));
    for (const { type, name } of before.resources) assert.ok(urns.has(`${type} ${name}`), `${type} ${name}`);
  });

  it("with TLS takes nothing in clear, and asks itself by TLS", async () => {
    const { resources, result } = await redis({ tls });
    const config = configOf(resources, "redis").split("\n");
    assert.ok(config.includes("port 0") && config.includes("tls-port 6379"));
    assert.deepEqual(result.authority, tls);
    const pod = podTemplates(resources)[0]?.template.spec;
    assert.match(
      JSON.stringify(pod?.containers[0]?.readinessProbe),
      /--tls --cacert \/etc\/valkey\/certificates\/ca\.crt/,
    );
    assert.ok(JSON.stringify(pod?.volumes).includes('"secretName":"redis-certificate"'));
  });

  it("refuses a primary that is not there", async () => {
    await assert.rejects(async () => redis({ primary: "second" }), /found second, expected first/);
  });
});

describe("Redis of two servers", () => {
  for (const [primary, replica, name] of [
    ["redis", "redis-second", "first"],
    ["redis-second", "redis", "second"],
  ] as const) {
    it(`leads clients to the ${name}, which the other copies`, async () => {
      const { resources, result } = await redis({ replicas: 2, primary: name });
      const service = specOf(resources, "Service", "redis");
      assert.ok(JSON.stringify(service).includes(`"selector":{"app.kubernetes.io/instance":"${primary}"}`));
      assert.equal(await settle(result.endpoint), "redis.algorun.svc:6379");
      assert.doesNotMatch(configOf(resources, primary), /replicaof/);
      const host = `${primary}-0.${primary}-headless.algorun.svc`;
      assert.ok(configOf(resources, replica).includes(`replicaof ${host} 6379\n`));
      assert.ok(redisCertificateNames("redis", "algorun").includes(host));
    });

    it(`changes ${primary} first when it takes writes, and never waits for a lost ${replica}`, async () => {
      const { resources } = await redis({ replicas: 2, primary: name });
      const waitsFor = (server: string, other: string): boolean => {
        const set = resources.find(
          ({ type, name: logical }) => type === "kubernetes:apps/v1:StatefulSet" && logical === server,
        );
        assert.ok(set);
        return set.dependencies.some((urn) => urn.endsWith(`kubernetes:apps/v1:StatefulSet::${other}`));
      };
      assert.equal(waitsFor(replica, primary), true);
      assert.equal(waitsFor(primary, replica), false);
    });
  }

  it("has a certificate that holds for the clients' Service", () => {
    assert.ok(redisCertificateNames("redis", "algorun").includes("redis.algorun.svc"));
  });

  it("has one budget for both, and spreads them over nodes and zones together", async () => {
    const { resources } = await redis({ replicas: 2 });
    const budgets = manifests(resources).filter(({ kind }) => kind === "PodDisruptionBudget");
    const key = "app.kubernetes.io/instance";
    const both = { matchExpressions: [{ key, operator: "In", values: ["redis", "redis-second"] }] };
    assert.deepEqual(
      budgets.map((budget) => specShape.parse(budget).spec),
      [{ maxUnavailable: 1, selector: both, unhealthyPodEvictionPolicy: "AlwaysAllow" }],
    );
    for (const { template } of podTemplates(resources)) {
      assert.ok(JSON.stringify(template.spec.topologySpreadConstraints).includes(JSON.stringify(both)));
      assert.ok(JSON.stringify(template.spec.affinity).includes(JSON.stringify(both)));
    }
  });

  it("lets in its clients and the other server, and nobody else", async () => {
    const { resources, result } = await redis({ replicas: 2 });
    assert.deepEqual(doorsOf(resources, "redis"), {
      from: [...clients, podsOf("redis-second")],
      to: [podsOf("redis-second")],
    });
    assert.deepEqual(doorsOf(resources, "redis-second"), {
      from: [...clients, podsOf("redis")],
      to: [podsOf("redis")],
    });
    assert.equal(result.address.peers.length, 2);
  });

  it("keeps the replica's password in Secrets alone", async () => {
    const { resources } = await redis({ replicas: 2 });
    const password = "redis-replica-password-result";
    const holders = manifests(resources).filter((object) => JSON.stringify(object).includes(password));
    assert.deepEqual(holders.map(({ kind, metadata }) => `${kind} ${metadata.name ?? ""}`).sort(), [
      "Secret redis-second-users",
      "Secret redis-users",
    ]);
  });
});
