import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeConfig } from "../../../config/described-keys";
import { parseSettings } from "../../../config/parse-settings";
import { projectKeys } from "../../../config/project-keys";
import { isSecretKey } from "../../../config/secret-keys";
import { writtenFiles } from "../../../config/written-files";

const project = join(__dirname, "..", "..", "..");

describe("what is written from the schema of the config", function () {
  this.timeout(20_000);

  it("is up to date; `npm run configuration` writes it anew", async () => {
    for (const [path, content] of Object.entries(await writtenFiles())) {
      assert.equal(readFileSync(join(project, path), "utf8"), content, path);
    }
  });

  it("gives every key a description, and Pulumi a default of the declared type", () => {
    for (const [key, { type, description, default: value }] of Object.entries(projectKeys())) {
      assert.ok(description.length > 5, key);
      // Pulumi demands a value of a key without a default.
      assert.notEqual(value ?? undefined, undefined, key);
      assert.equal(Array.isArray(value) ? "array" : typeof value, type, key);
    }
  });

  it("gives Pulumi defaults that mean what leaving the key out means", () => {
    const defaults: Record<string, unknown> = {};
    for (const [key, declared] of Object.entries(projectKeys())) {
      const name = key.replace("algorun:", "");
      if (!isSecretKey(name)) defaults[name] = declared.default;
    }
    assert.deepEqual(parseSettings(defaults), parseSettings({}));
  });

  it("names each key once in each of its forms", () => {
    for (const { path, forms } of describeConfig().settings) {
      for (const { keys } of forms) {
        const paths = keys.map((key) => key.path);
        assert.equal(new Set(paths).size, paths.length, path);
      }
    }
  });
});
