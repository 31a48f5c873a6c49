import assert from "node:assert/strict";
import { z } from "zod";
import { AwsAccount } from "../../../components/aws/aws-account";
import { ExternalSql } from "../../../components/backend/sql/external-sql";
import type { RdsSqlArgs } from "../../../components/backend/sql/rds-args";
import { RdsSql } from "../../../components/backend/sql/rds-sql";
import { Sql } from "../../../components/backend/sql/sql";
import type { SqlService } from "../../../components/platform-services";
import { theAwsResource } from "../../harness/aws-resources";
import { deploy, settle, type Deployed } from "../../harness/deploy";
import { awsSettings, externalBlock } from "../../harness/managed-settings";

function rds(args: Partial<RdsSqlArgs> = {}): Promise<Deployed<RdsSql>> {
  return deploy(
    () =>
      new RdsSql("sql", {
        account: new AwsAccount("aws", { ...awsSettings, retainData: true }),
        engine: "postgresql",
        instanceClass: "db.m7g.large",
        allocatedStorage: 50,
        maxAllocatedStorage: 500,
        backupRetentionDays: 14,
        retainData: true,
        ...args,
      }),
  );
}

const keyArn = "arn:aws:aws:kms/key:Key:aws-key";

describe("RdsSql", () => {
  it("is a pair of servers in private subnets, encrypted, backed up and watched", async () => {
    const { resources } = await rds();
    const instance = theAwsResource(resources, "rds/instance:Instance");
    const expected = {
      identifier: "acme-prod-sql",
      engine: "postgres",
      engineVersion: "18",
      multiAz: true,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      publiclyAccessible: false,
      backupRetentionPeriod: 14,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      vpcSecurityGroupIds: ["sql-id"],
      dbSubnetGroupName: "acme-prod-sql",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    };
    const found = Object.fromEntries(Object.keys(expected).map((key) => [key, instance.inputs[key]]));
    assert.deepEqual(found, expected);
    assert.deepEqual(theAwsResource(resources, "rds/subnetGroup:SubnetGroup").inputs["subnetIds"], [
      "subnet-0a",
      "subnet-0b",
      "subnet-0c",
    ]);
  });

  const engines = {
    postgresql: [{ name: "acme-prod-sql-postgres18", family: "postgres18" }, "rds.force_ssl"],
    mariadb: [{ name: "acme-prod-sql-mariadb11-8", family: "mariadb11.8" }, "require_secure_transport"],
  } as const;
  for (const engine of ["postgresql", "mariadb"] as const) {
    it(`takes no connection of ${engine} without TLS`, async () => {
      const { resources } = await rds({ engine });
      const { inputs } = theAwsResource(resources, "rds/parameterGroup:ParameterGroup");
      const [names, parameter] = engines[engine];
      assert.deepEqual({ name: inputs["name"], family: inputs["family"] }, names);
      assert.deepEqual(inputs["parameters"], [{ name: parameter, value: "1", applyMethod: "immediate" }]);
      assert.equal(
        theAwsResource(resources, "rds/instance:Instance").inputs["parameterGroupName"],
        names.name,
      );
    });
  }

  it("has parameters of the version that is asked for", async () => {
    const versions = { postgresql: ["17.9", "postgres17"], mariadb: ["11.4.5", "mariadb11.4"] } as const;
    for (const engine of ["postgresql", "mariadb"] as const) {
      const [engineVersion, family] = versions[engine];
      const { resources } = await rds({ engine, engineVersion });
      assert.equal(theAwsResource(resources, "rds/parameterGroup:ParameterGroup").inputs["family"], family);
      assert.equal(theAwsResource(resources, "rds/instance:Instance").inputs["engineVersion"], engineVersion);
    }
  });

  it("can't be deleted by mistake and leaves a snapshot, except in dev", async () => {
    const kept = theAwsResource((await rds()).resources, "rds/instance:Instance");
    assert.equal(kept.protect, true);
    assert.equal(kept.inputs["deletionProtection"], true);
    assert.equal(kept.inputs["skipFinalSnapshot"], false);
    assert.equal(kept.inputs["finalSnapshotIdentifier"], "acme-prod-sql-final");
    const inDev = theAwsResource((await rds({ retainData: false })).resources, "rds/instance:Instance");
    assert.equal(inDev.protect, false);
    assert.equal(inDev.inputs["deletionProtection"], false);
    assert.equal(inDev.inputs["skipFinalSnapshot"], true);
    assert.equal(inDev.inputs["finalSnapshotIdentifier"], undefined);
  });

  it("has a password that the engine encrypts", async () => {
    const { resources, result } = await rds();
    const instance = theAwsResource(resources, "rds/instance:Instance");
    assert.deepEqual(instance.secrets, ["password"]);
    assert.equal(instance.inputs["password"], await settle(result.password));
  });

  it("is refused with backups that are soon gone", async () => {
    await assert.rejects(async () => rds({ backupRetentionDays: 6 }), /found 6 days, expected 7 or more/);
  });

  it("gives its caller the last word", async () => {
    const { resources } = await rds({ transform: { instance: { multiAz: false } } });
    assert.equal(theAwsResource(resources, "rds/instance:Instance").inputs["multiAz"], false);
  });
});

describe("a database", () => {
  const services: Readonly<Record<string, () => SqlService>> = {
    "in the cluster": () => new Sql("sql", { namespace: "algorun" }),
    "of RDS": () =>
      new RdsSql("sql", {
        account: new AwsAccount("aws", { ...awsSettings, retainData: true }),
        engine: "postgresql",
        instanceClass: "db.m7g.large",
        allocatedStorage: 50,
        maxAllocatedStorage: 500,
        backupRetentionDays: 14,
        retainData: true,
        caCertificate: "-----BEGIN CERTIFICATE-----",
      }),
    "of somebody else": () =>
      new ExternalSql("sql", {
        engine: "postgresql",
        host: "sql.example.com",
        database: "algorun",
        username: "algorun",
        password: "password",
        tls: true,
        caCertificate: "-----BEGIN CERTIFICATE-----",
        addressBlocks: [externalBlock],
      }),
  };
  const faces = {
    "in the cluster": { host: "sql.algorun.svc", tls: false },
    "of RDS": { host: "sql.rds.example", tls: true },
    "of somebody else": { host: "sql.example.com", tls: true },
  } as const;
  for (const [what, make] of Object.entries(services)) {
    it(`${what} has the same face`, async () => {
      const { result } = await deploy(make);
      const { host, tls } = z
        .object({ host: z.string(), tls: z.boolean() })
        .parse(Object.entries(faces).find(([name]) => name === what)?.[1]);
      assert.equal(await settle(result.host), host);
      assert.equal(result.tls, tls);
      assert.equal(result.caCertificate !== undefined, tls);
      assert.equal(result.port, 5432);
      assert.deepEqual(result.address.ports, [5432]);
      assert.equal(result.database, "algorun");
      assert.ok(await settle(result.password));
    });
  }

  it("of somebody else makes nothing", async () => {
    const { resources } = await deploy(services["of somebody else"] ?? (() => undefined));
    assert.deepEqual(
      resources.filter(({ custom }) => custom),
      [],
    );
  });

  it("of somebody else answers where its engine does, unless said otherwise", async () => {
    const args = {
      host: "sql.example.com",
      database: "d",
      username: "u",
      password: "p",
      tls: true,
      addressBlocks: [externalBlock],
    };
    const { result } = await deploy(() => [
      new ExternalSql("a", { ...args, engine: "mariadb" }).port,
      new ExternalSql("b", { ...args, engine: "mariadb", port: 3307 }).port,
    ]);
    assert.deepEqual(result, [3306, 3307]);
  });
});
