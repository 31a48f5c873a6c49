import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  generationOf,
  overlapping,
  secretGroups,
  type RotationSettings,
  type SecretGroup,
} from "../../components/secret-rotation";
import { rotationReminders } from "../../config/rotation-reminders";
import { impossibleSettings } from "../../config/impossible-settings";
import { parseSettings } from "../../config/parse-settings";
import type { RegisteredResource } from "../harness/deploy";
import { awsSettings, systemModes } from "../harness/managed-settings";
import { deployStack } from "../harness/whole-stack";

const passwordType = "random:index/randomPassword:RandomPassword";

/** One broker and one of everything, callers, signed webhooks and a media stream. */
const stack = {
  environment: "kind",
  kafka: { mode: "cluster", controllers: 1, brokers: 1 },
  documents: ["tests/documents/yard-camera.yaml", "pipelines/examples/webhook-notification.yaml"],
};

const groups = [
  "kafkaUsers",
  "kafkaAdministrator",
  "sql",
  "redis",
  "objectStorage",
  "objectStorageAdministrator",
  "grafana",
  "apiKeys",
  "webhookSignatures",
  "streamKeys",
] as const satisfies readonly SecretGroup[];

/** Begins the names of the passwords of each group; what else there is is no password of that group. */
const members: Readonly<Record<(typeof groups)[number], RegExp>> = {
  kafkaUsers: /^(kafka-exporter-kafka|acme-.*-kafka|.*-kafka)(-password@\d+)?$/,
  kafkaAdministrator: /^kafka-administrator-password/,
  sql: /^sql-(administrator|application)-password/,
  redis: /^redis-password/,
  objectStorage: /-secret-access-key/,
  objectStorageAdministrator: /^object-storage-root-password/,
  grafana: /^grafana-admin/,
  apiKeys: /-api-key-/,
  webhookSignatures: /-signing-/,
  streamKeys: /^nginx-rtmp-stream-keys/,
};

type Contents = ReadonlyMap<string, string>;

function contentsOf(resources: readonly RegisteredResource[]): Contents {
  return new Map(resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
}

function passwordsOf(contents: Contents): readonly string[] {
  return [...contents.keys()]
    .filter((urn) => urn.includes(passwordType))
    .map((urn) => urn.split("::").at(-1) ?? "");
}

async function rotated(rotation: RotationSettings): Promise<Contents> {
  return contentsOf(await deployStack({ ...stack, rotation }));
}

describe("rotation of a group of secrets", function () {
  this.timeout(240_000);
  let usual: Contents;

  before(async () => {
    usual = await rotated({});
  });

  for (const group of groups) {
    it(`${group}: makes new passwords of this group, and leaves all others, topics and volumes what they are`, async () => {
      const after = await rotated({ [group]: 2 });
      const made = passwordsOf(after).filter((name) => !passwordsOf(usual).includes(name));
      assert.ok(made.length > 0);
      for (const name of made) assert.match(name, members[group]);
      const gone = passwordsOf(usual).filter((name) => !passwordsOf(after).includes(name));
      const overlaps = overlapping.some((name) => name === group);
      assert.deepEqual(gone, overlaps ? [] : passwordsOf(usual).filter((name) => members[group].test(name)));
      for (const [urn, inputs] of usual)
        if (urn.includes(passwordType) && after.has(urn)) assert.equal(after.get(urn), inputs);

      const lasting = /kafka:index\/topic|PersistentVolumeClaim|Namespace|pulumi:index:Stash|Mapping/;
      for (const [urn, inputs] of usual) {
        if (lasting.test(urn)) assert.equal(after.get(urn), inputs, urn);
        const claims = /"volumeClaimTemplates":\[.*?\]/.exec(inputs)?.[0];
        assert.equal(/"volumeClaimTemplates":\[.*?\]/.exec(after.get(urn) ?? "")?.[0], claims, urn);
      }
    });
  }

  it("reaches every password that the program generates, but those that it refuses to rotate", async () => {
    const all = Object.fromEntries(groups.map((group) => [group, 3]));
    const after = await rotated({
      ...all,
      retired: Object.fromEntries(overlapping.map((group) => [group, 2])),
    });
    const kept = passwordsOf(usual).filter((name) => passwordsOf(after).includes(name));
    assert.deepEqual(kept, ["kafka-node-password"]);
    assert.equal(passwordsOf(after).length, passwordsOf(usual).length);
  });

  it("leaves a stack as it is that is told to stay with the first generation", async () => {
    const first = Object.fromEntries(Object.keys(secretGroups).map((group) => [group, 1]));
    assert.deepEqual(await rotated(first), usual);
  });

  it("takes away with the retired generation just what came with it", async () => {
    const names = (contents: Contents): readonly string[] => [...contents.keys()];
    const both = names(await rotated({ kafkaUsers: 2 }));
    const retired = names(await rotated({ kafkaUsers: 2, retired: { kafkaUsers: 1 } }));
    const gone = both.filter((urn) => !retired.includes(urn));
    assert.ok(gone.length > 10);
    for (const urn of gone) assert.match(urn, /RandomPassword|UserScramCredential|kafka:index\/acl:Acl/);
    assert.deepEqual(
      retired.filter((urn) => !both.includes(urn)),
      [],
    );
    for (const urn of gone) assert.doesNotMatch(urn, /@2$/);
  });
});

describe("generations of a secret", () => {
  const generation = fc.integer({ min: 1, max: 50 });

  it("are the one in use, and at most the one before", () => {
    fc.assert(
      fc.property(generation, fc.option(generation, { nil: undefined }), (inUse, retired) => {
        const found = generationOf({ sql: inUse, ...(retired && { retired: { sql: retired } }) }, "sql");
        assert.equal(found.inUse, inUse);
        assert.ok(found.previous === undefined || found.previous === inUse - 1);
        assert.equal(found.previous === undefined, inUse === 1 || (retired ?? 0) >= inUse - 1);
      }),
    );
  });

  it("never overlap where a system knows only one password", () => {
    for (const group of ["kafkaAdministrator", "grafana", "objectStorageAdministrator"] as const)
      assert.deepEqual(generationOf({ [group]: 7 }, group), { inUse: 7 });
  });

  it("are told of as long as a former one works", () => {
    const rotation = { sql: 2, grafana: 2, redis: 3, retired: { redis: 2 } };
    assert.deepEqual(rotationReminders(parseSettings({ rotation })), [
      "rotation.sql: generation 2 is in use, and 1 still works. When nobody needs it any more: " +
        "pulumi config set --path 'algorun:rotation.retired.sql' 1",
    ]);
    assert.deepEqual(rotationReminders(parseSettings({})), []);
    // RDS knows one password only.
    assert.deepEqual(rotationReminders(parseSettings({ rotation, sql: { mode: "rds" } })), []);
  });
});

describe("a rotation that can't be", () => {
  const mistakes = (values: Readonly<Record<string, unknown>>): readonly string[] =>
    impossibleSettings(parseSettings({ environment: "kind", ...values }), new Set()).filter((line) =>
      line.includes("rotation"),
    );

  it("is refused with the reason and the way", () => {
    const refused: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
      [{ rotation: { kafkaNodes: 2 } }, /rotation\.kafkaNodes: found 2, expected 1, .*docs\/operations\.md/],
      [
        {
          objectStorage: { engine: "minio", replicas: 4 },
          rotation: { objectStorageAdministrator: 2 },
        },
        /objectStorageAdministrator: found 2, expected 1, since objectStorage\.replicas is 4.*docs\/operations\.md/,
      ],
      [
        { sql: systemModes.sql.external, rotation: { sql: 2 } },
        /rotation\.sql: found 2, expected 1, since sql\.mode is external.*algorun:sqlPassword/,
      ],
      [
        { aws: awsSettings, objectStorage: systemModes.objectStorage.s3, rotation: { objectStorage: 2 } },
        /objectStorage: found 2.*roles and there is no key/,
      ],
      [
        { aws: awsSettings, kafka: systemModes.kafka.msk, rotation: { kafkaAdministrator: 2 } },
        /kafkaAdministrator: found 2.*IAM decides/,
      ],
    ];
    for (const [values, expected] of refused) {
      const found = mistakes(values);
      assert.equal(found.length, 1, JSON.stringify(values));
      assert.match(found[0] ?? "", expected);
    }
  });

  it("is one that retires what is in use", () => {
    assert.match(
      mistakes({ rotation: { sql: 2, retired: { sql: 2 } } })[0] ?? "",
      /rotation\.retired\.sql: found 2, expected at most 1, since generation 2 is in use/,
    );
    assert.match(mistakes({ rotation: { retired: { redis: 1 } } })[0] ?? "", /expected no such key/);
    assert.deepEqual(mistakes({ rotation: { sql: 3, retired: { sql: 1 } } }), []);
  });
});

describe("the table of secrets in docs/operations.md", () => {
  it("has a row for each group", () => {
    const page = readFileSync("docs/operations.md", "utf8");
    for (const group of Object.keys(secretGroups)) assert.match(page, new RegExp(`\\| \`${group}\` +\\|`));
  });
});
