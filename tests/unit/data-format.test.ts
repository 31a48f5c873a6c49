import assert from "node:assert/strict";
import fc from "fast-check";
import { Sql } from "../../components/backend/sql/sql";
import { kafkaFormat, refuseFormat, sqlFormat, type DataFormat } from "../../components/data-format";
import { KafkaCluster } from "../../components/data/kafka/kafka-cluster";
import { deploy } from "../harness/deploy";
import { theResource } from "../harness/manifests";

const kafka = (version: string): DataFormat => ({ program: "kafka", version });
const postgresql = (version: string): DataFormat => ({ program: "postgresql", version });
const mariadb = (version: string): DataFormat => ({ program: "mariadb", version });

describe("what may be given the volumes of a database", () => {
  const cases: readonly (readonly [DataFormat, DataFormat, RegExp | undefined])[] = [
    [postgresql("18.4"), postgresql("18.6"), undefined],
    [postgresql("18.4-alpine"), postgresql("18.3"), undefined],
    [postgresql("18.4"), postgresql("19.0"), /begin with an empty database/],
    [postgresql("18.4"), postgresql("17.9"), /begin with an empty database/],
    [mariadb("11.8.8"), mariadb("11.8.9"), undefined],
    [mariadb("11.8.8"), mariadb("12.3.2"), /own tables/],
    [mariadb("11.8.8"), mariadb("11.4.5"), /own tables/],
    [postgresql("18.4"), mariadb("11.8.8"), /can't read/],
    [postgresql("18.4"), postgresql("our-build"), undefined],
  ];
  for (const [before, now, expected] of cases) {
    it(`${expected === undefined ? "takes" : "refuses"} ${now.program} ${now.version} after ${before.program} ${before.version}`, () => {
      if (expected === undefined) assert.equal(sqlFormat(before, now), undefined);
      else assert.match(sqlFormat(before, now) ?? "", expected);
    });
  }
});

describe("what may be given the volumes of Kafka", () => {
  const version = fc.record({ major: fc.integer({ min: 3, max: 9 }), minor: fc.integer({ min: 0, max: 9 }) });

  it("is the same line, a newer one, and the next major version; never an older one", () => {
    fc.assert(
      fc.property(version, version, fc.integer({ min: 0, max: 9 }), (old, next, patch) => {
        const found = kafkaFormat(
          kafka(`${old.major}.${old.minor}.1`),
          kafka(`${next.major}.${next.minor}.${patch}`),
        );
        const order = (next.major - old.major) * 100 + next.minor - old.minor;
        assert.equal(found === undefined, order >= 0 && next.major <= old.major + 1);
      }),
    );
  });
});

describe("the guard of volumes", () => {
  it("says what was found, what wrote the volumes, why not, and the way", () => {
    const hook = { oldInputs: { input: postgresql("18.4") }, newInputs: { input: postgresql("19.0") } };
    assert.throws(() => {
      refuseFormat(hook, "sql-data-format", "algorun:images.postgresql", sqlFormat);
    }, /^Error: algorun:images\.postgresql: found postgresql 19\.0, where the volumes were written by postgresql 18\.4: .*docs\/operations\.md, Upgrades.*--replace.*sql-data-format/);
    assert.doesNotThrow(() => {
      refuseFormat({ ...hook, newInputs: hook.oldInputs }, "sql-data-format", "", sqlFormat);
    });
  });

  it("stands before the pods of the database and of Kafka", async () => {
    const { resources } = await deploy(() => ({
      sql: new Sql("sql", { namespace: "platform" }),
      kafka: new KafkaCluster("kafka", { namespace: "platform", imageVersion: "4.3.1" }),
    }));
    const guarded = { "sql-data-format": ["sql"], "kafka-data-format": ["kafka-controller", "kafka-broker"] };
    for (const [record, workloads] of Object.entries(guarded)) {
      const guard = theResource(resources, "pulumi:index:Stash", record);
      for (const name of workloads) {
        const { dependencies } = theResource(resources, "kubernetes:apps/v1:StatefulSet", name);
        assert.ok(dependencies.includes(guard.urn), name);
      }
    }
    assert.deepEqual(
      theResource(resources, "pulumi:index:Stash", "kafka-data-format").inputs["input"],
      kafka("4.3.1"),
    );
  });
});
