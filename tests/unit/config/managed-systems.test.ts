import assert from "node:assert/strict";
import { impossibleSettings } from "../../../config/impossible-settings";
import { parseSettings, type ConfigValues } from "../../../config/parse-settings";
import type { SecretKey } from "../../../config/secret-keys";
import { awsSettings, systemModes } from "../../harness/managed-settings";

const { kafka, objectStorage, sql, redis } = systemModes;

function messageOf(values: ConfigValues): string {
  try {
    parseSettings(values);
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message;
  }
  throw new assert.AssertionError({ message: "the settings were accepted" });
}

function mistakes(values: ConfigValues, ...secrets: readonly SecretKey[]): readonly string[] {
  const usual = { ambassador: { tlsSecretName: "edge" }, backups: { enabled: false } };
  const settings = parseSettings({ ...usual, ...values });
  return impossibleSettings(settings, new Set(secrets));
}

describe("config of managed systems", () => {
  it("needs no more than the switch, and where on AWS", () => {
    const values = {
      aws: awsSettings,
      kafka: kafka.msk,
      objectStorage: objectStorage.s3,
      sql: sql.rds,
      redis: redis.elasticache,
    };
    assert.deepEqual(mistakes(values), []);
    const settings = parseSettings(values);
    assert.ok(settings.kafka.mode === "msk" && settings.sql.mode === "rds");
    assert.equal(settings.kafka.brokers, 3);
    assert.equal(settings.sql.backupRetentionDays, 14);
    assert.ok(settings.redis.mode === "elasticache");
    assert.equal(settings.redis.nodes, 2);
  });

  it("runs databases and Redis in the cluster without a mode, as ever", () => {
    const settings = parseSettings({ sql: { engine: "mariadb" }, redis: { storageSize: "4Gi" } });
    assert.deepEqual(settings.sql, { engine: "mariadb" });
    assert.deepEqual(settings.redis, { primary: "first", replicas: 1, storageSize: "4Gi" });
    assert.equal(parseSettings({}).sql.engine, "postgresql");
  });

  it("says which switches need to know where on AWS", () => {
    assert.deepEqual(mistakes({ kafka: kafka.msk, redis: redis.elasticache }), [
      "algorun:aws: is missing, expected region, account, VPC and subnets, since kafka.mode is msk, " +
        "redis.mode is elasticache: docs/configuration.md lists its keys",
    ]);
  });

  it("lets AWS stand there unused", () => {
    assert.deepEqual(mistakes({ aws: awsSettings }), []);
  });

  it("wants three zones of MSK, and two of the others", () => {
    const two = { ...awsSettings, subnets: awsSettings.subnets.slice(0, 2) };
    const [found = ""] = mistakes({ aws: two, kafka: kafka.msk });
    assert.match(
      found,
      /^algorun:aws\.subnets: found 2, expected 3 in different zones, since kafka\.mode is msk/,
    );
    assert.deepEqual(mistakes({ aws: two, sql: sql.rds }), []);
    const one = { ...awsSettings, subnets: awsSettings.subnets.slice(0, 1) };
    assert.match(messageOf({ aws: one }), /algorun:aws\.subnets: found a list, expected at least two/);
  });

  it("wants the OIDC provider for S3, whose pods have roles", () => {
    const without = { ...awsSettings, oidcProviderArn: undefined };
    const [found = ""] = mistakes({ aws: without, objectStorage: objectStorage.s3 });
    assert.match(found, /^algorun:aws\.oidcProviderArn: is missing, expected the cluster's OIDC provider/);
    assert.deepEqual(mistakes({ aws: without, kafka: kafka.msk }), []);
  });

  it("wants no dumps to S3, whose pods have no keys", () => {
    const values = { aws: awsSettings, objectStorage: objectStorage.s3 };
    const [found = ""] = mistakes({ ...values, backups: { enabled: true } });
    assert.match(
      found,
      /^algorun:backups\.enabled: found true, expected false, since objectStorage\.engine is s3/,
    );
    assert.deepEqual(mistakes(values), []);
    assert.deepEqual(mistakes({ backups: { enabled: true } }), []);
  });

  it("wants the passwords of external systems, and of no others", () => {
    const [ofSql = ""] = mistakes({ sql: sql.external });
    assert.match(ofSql, /^algorun:sqlPassword: is missing, expected the password of "algorun"/);
    const [ofRedis = ""] = mistakes({ redis: redis.external });
    assert.match(ofRedis, /^algorun:redisPassword: is missing, .* at redis\.example\.com:6380/);
    assert.deepEqual(
      mistakes({ sql: sql.external, redis: redis.external }, "sqlPassword", "redisPassword"),
      [],
    );
    const useless = mistakes(
      { aws: awsSettings, sql: sql.rds },
      "sqlPassword",
      "redisPassword",
      "kafkaPassword",
    );
    assert.deepEqual(
      useless.map((line) => line.replace(/, since.*/, "")),
      ["kafkaPassword", "sqlPassword", "redisPassword"].map(
        (key) => `algorun:${key}: found a secret, expected none`,
      ),
    );
  });

  it("reports what AWS would refuse, all at once", () => {
    const message = messageOf({
      aws: { ...awsSettings, accountId: 123456789012, region: "Frankfurt" },
      kafka: { ...kafka.msk, brokers: 4 },
      sql: { ...sql.rds, backupRetentionDays: 3 },
      redis: { ...redis.elasticache, nodes: 1 },
    });
    assert.match(message, /^The stack's config has 5 mistakes/);
    assert.match(
      message,
      /algorun:aws\.accountId: found 123456789012, expected twelve digits; put it in quotes/,
    );
    assert.match(message, /algorun:aws\.region: found "Frankfurt", expected a region such as/);
    assert.match(message, /algorun:kafka\.brokers: found 4, expected a multiple of 3/);
    assert.match(message, /algorun:sql\.backupRetentionDays: found 3, expected at least 7/);
    assert.match(message, /algorun:redis\.nodes: found 1, expected at least 2/);
  });

  it("names the nearest key", () => {
    assert.match(
      messageOf({ sql: { ...sql.rds, instanceclass: "db.m7g.large" } }),
      /algorun:sql\.instanceclass: no such key.*instanceClass/,
    );
    assert.match(
      messageOf({ redis: { ...redis.external, endpoint: "redis" } }),
      /algorun:redis\.endpoint: found "redis", expected host:port/,
    );
  });
});
