import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { z } from "zod";
import { valuesFrom } from "../../../render/generated-values";
import { renderStack, type RenderedFiles } from "../../../render/rendered-stack";
import { writeRendered } from "../../../render/write-rendered";

const seed = "a seed that is long enough for anything";
const object = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
const secret = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  stringData: z.record(z.string(), z.string()),
});
const users = z.array(
  z.object({
    username: z.string(),
    passwordFrom: z.object({ namespace: z.string(), secret: z.string(), key: z.string() }),
  }),
);

const awsResources = z.array(
  z.object({
    type: z.string(),
    name: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    secretInputs: z.array(z.string()).default([]),
  }),
);

async function filesOf(text: string): Promise<RenderedFiles> {
  return (await renderStack("staging", { generated: valuesFrom(text) })).files;
}

describe("a rendered stack", function () {
  this.timeout(60_000);
  let files: RenderedFiles;

  before(async () => {
    files = await filesOf(seed);
  });

  it("has Secrets in their own folder, and nothing else there", () => {
    for (const [file, content] of Object.entries(files)) {
      if (file.startsWith("kafka/")) continue;
      const kinds = new Set(loadAll(content).map((document) => object.parse(document).kind));
      assert.equal(kinds.has("Secret"), file.startsWith("secrets/"), file);
      assert.ok(kinds.size === 1 || !file.startsWith("secrets/"), file);
    }
  });

  it("is the same for the same seed, and has other passwords for another", async () => {
    assert.deepEqual(await filesOf(seed), files);
    const others = await filesOf(`${seed}!`);
    for (const file of Object.keys(files).filter((name) => name.startsWith("secrets/")))
      assert.notEqual(others[file], files[file], file);
  });

  it("tells of each user of Kafka which Secret has its password, and shows none", () => {
    const secrets = Object.entries(files)
      .filter(([file]) => file.startsWith("secrets/"))
      .flatMap(([, content]) => loadAll(content).map((document) => secret.parse(document)));
    const list = users.parse(loadAll(files["kafka/users.yaml"] ?? "")[0]);
    assert.ok(list.length > 5);
    const passwords = list.map(({ username, passwordFrom: { namespace, secret: name, key } }) => {
      const holder = secrets.find(
        ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
      );
      const password = holder?.stringData[key];
      assert.ok(password, username);
      return password;
    });
    assert.equal(new Set(passwords).size, passwords.length);
    const open = Object.entries(files).filter(([file]) => !file.startsWith("secrets/"));
    for (const [file, content] of open)
      for (const password of passwords) assert.ok(!content.includes(password), file);
  });

  it("writes extensions of schemas as Kubernetes does", () => {
    assert.match(files["cluster.yaml"] ?? "", /x-kubernetes-preserve-unknown-fields: true/);
    assert.doesNotMatch(files["cluster.yaml"] ?? "", /x_kubernetes/);
  });

  it("is refused for a stack that has no file, with the nearest that has one", async () => {
    await assert.rejects(renderStack("stagin"), /STACK: found "stagin", expected .*did you mean "staging"\?/);
  });
});

describe("a rendered stack with systems of AWS'", function () {
  this.timeout(60_000);

  it("tells which arguments are secret, and shows none even with a seed", async () => {
    const { files } = await renderStack("prod", { generated: valuesFrom(seed) });
    const list = awsResources.parse(loadAll(files["aws/resources.yaml"] ?? "")[0]);
    const secretOnes = list.filter(({ secretInputs }) => secretInputs.length > 0);
    assert.deepEqual(
      [...new Set(secretOnes.map(({ type, secretInputs }) => `${type}: ${secretInputs.join()}`))],
      [
        "aws:elasticache/replicationGroup:ReplicationGroup: authToken",
        "aws:rds/instance:Instance: password",
        "aws:secretsmanager/secretVersion:SecretVersion: secretString",
      ],
    );
    for (const { name, inputs, secretInputs } of secretOnes)
      assert.deepEqual(
        secretInputs.filter((argument) => argument in inputs),
        [],
        name,
      );
  });
});

describe("a folder to render into", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "algorun-render-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps nothing of an earlier render", () => {
    writeRendered(folder, { "old.yaml": "old", "secrets/a.yaml": "s" });
    writeRendered(folder, { "new.yaml": "new" });
    assert.deepEqual(readdirSync(folder).sort(), [".rendered", "new.yaml"]);
  });

  it("is left alone when it holds anything else", () => {
    mkdirSync(join(folder, "documents"));
    writeFileSync(join(folder, "documents", "mine.yaml"), "mine");
    assert.throws(() => {
      writeRendered(folder, { "new.yaml": "new" });
    }, /OUT: found files in .* that were not rendered/);
    assert.deepEqual(readdirSync(folder), ["documents"]);
  });
});
