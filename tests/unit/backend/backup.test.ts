import assert from "node:assert/strict";
import { z } from "zod";
import { Platform } from "../../../components/platform";
import { parseSettings } from "../../../config/parse-settings";
import { deploy, type RegisteredResource } from "../../harness/deploy";
import { assertHardened } from "../../harness/hardening";
import { theManifest } from "../../harness/manifests";

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
});

const cronJobShape = z.looseObject({
  spec: z.looseObject({
    schedule: z.string(),
    suspend: z.boolean(),
    concurrencyPolicy: z.string(),
    jobTemplate: z.looseObject({
      spec: z.looseObject({
        template: z.looseObject({
          spec: z.looseObject({
            restartPolicy: z.string(),
            initContainers: z.array(container),
            containers: z.array(container),
          }),
        }),
      }),
    }),
  }),
});

async function deployPlatform(
  values: Readonly<Record<string, unknown>>,
): Promise<readonly RegisteredResource[]> {
  const args = { ...parseSettings(values), mediaStreams: false, retainData: false };
  const { resources } = await deploy(() => new Platform("platform", args));
  return resources;
}

function rulesOf(resources: readonly RegisteredResource[]): string {
  const shape = z.looseObject({ data: z.record(z.string(), z.string()) });
  return theManifest(resources, "ConfigMap", "prometheus-rules", shape).data["algorun.yml"] ?? "";
}

describe("backups of a platform", () => {
  it("run every night, one at a time, and keep what a failed one has printed", async () => {
    const resources = await deployPlatform({ backups: { schedule: "5 4 * * 0", keep: 3 } });
    assertHardened(resources);
    for (const name of ["sql-backup", "grafana-backup"]) {
      const { spec } = theManifest(resources, "CronJob", name, cronJobShape);
      assert.equal(spec.schedule, "5 4 * * 0");
      assert.equal(spec.suspend, false);
      assert.equal(spec.concurrencyPolicy, "Forbid");
      const pod = spec.jobTemplate.spec.template.spec;
      assert.equal(pod.restartPolicy, "Never");
      assert.deepEqual(
        pod.containers[0]?.env.find((variable) => variable.name === "KEEP"),
        { name: "KEEP", value: "3" },
      );
    }
  });

  it("never restore by themselves", async () => {
    const resources = await deployPlatform({});
    for (const name of ["sql-restore", "grafana-restore"]) {
      const { spec } = theManifest(resources, "CronJob", name, cronJobShape);
      assert.equal(spec.suspend, true);
    }
  });

  it("dump with the programs of the very server that is dumped", async () => {
    for (const [engine, image] of [
      ["postgresql", "docker.io/library/postgres:18.9"],
      ["mariadb", "docker.io/library/mariadb:18.9"],
    ] as const) {
      const resources = await deployPlatform({ sql: { engine }, images: { [engine]: { tag: "18.9" } } });
      const { spec } = theManifest(resources, "CronJob", "sql-backup", cronJobShape);
      assert.equal(spec.jobTemplate.spec.template.spec.initContainers[0]?.image, image);
    }
  });

  it("dump MariaDB before they restore it, since nothing else keeps what was there", async () => {
    const resources = await deployPlatform({ sql: { engine: "mariadb" } });
    const { spec } = theManifest(resources, "CronJob", "sql-restore", cronJobShape);
    const { initContainers } = spec.jobTemplate.spec.template.spec;
    assert.deepEqual(
      initContainers.map(({ name }) => name),
      ["fetch", "dump-before", "upload"],
    );
  });

  it("can be switched off, and then nobody may connect to the database", async () => {
    const resources = await deployPlatform({ backups: { enabled: false } });
    assert.deepEqual(
      resources.filter(({ type }) => type.endsWith(":CronJob")),
      [],
    );
    const policy = theManifest(
      resources,
      "NetworkPolicy",
      "sql",
      z.looseObject({ spec: z.looseObject({ ingress: z.array(z.unknown()) }) }),
    );
    assert.deepEqual(policy.spec.ingress, [
      { from: [{ podSelector: { matchLabels: { "app.kubernetes.io/instance": "sql" } } }] },
    ]);
  });

  it("are watched by somebody who sees CronJobs of the platform's namespace and nothing else", async () => {
    const resources = await deployPlatform({});
    const shape = z.looseObject({ metadata: z.looseObject({ namespace: z.string() }), rules: z.unknown() });
    const role = theManifest(resources, "Role", "kube-state-metrics", shape);
    assert.equal(role.metadata.namespace, "algorun");
    assert.deepEqual(role.rules, [
      { apiGroups: ["batch"], resources: ["cronjobs"], verbs: ["list", "watch"] },
    ]);
    assert.match(rulesOf(resources), /AlgoRunBackupFails/);
  });

  it("are not missed where there are none", async () => {
    const resources = await deployPlatform({ backups: { enabled: false } });
    assert.ok(!resources.some(({ name }) => name === "kube-state-metrics"));
    assert.doesNotMatch(rulesOf(resources), /Backup/);
  });

  it("refuse a schedule that is none", () => {
    assert.throws(
      () => parseSettings({ backups: { schedule: "nightly" } }),
      /algorun:backups\.schedule: found "nightly", expected the five fields of cron/,
    );
  });
});

describe("a database with TLS", () => {
  it("shows the certificate of the Secret that the config names, and its dumps check it", async () => {
    const resources = await deployPlatform({ sql: { tls: { secretName: "sql-certificate" } } });
    assertHardened(resources);
    const { spec } = theManifest(resources, "CronJob", "sql-backup", cronJobShape);
    const variables = spec.jobTemplate.spec.template.spec.initContainers[0]?.env;
    assert.ok(variables?.some(({ name, value }) => name === "PGSSLMODE" && value === "verify-full"));
    for (const kind of ["StatefulSet", "CronJob"]) {
      const name = kind === "CronJob" ? "sql-backup" : "sql";
      const manifest = theManifest(resources, kind, name, z.unknown());
      assert.match(JSON.stringify(manifest), /"secretName":"sql-certificate"/, kind);
    }
  });
});
