import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDocuments } from "../../pipelines/model/document/documents";
import { jsonSchemas } from "../../pipelines/model/document/json-schema";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import { DocumentError } from "../../pipelines/model/document/problem";
import { broken, planOf, platform, problemsOf, soundText } from "./documents-under-test";

const project = join(__dirname, "..", "..");

/** Runs `npm run validate`'s program. */
function validate(...paths: readonly string[]): { readonly code: number | null; readonly output: string } {
  const command = ["--import", "tsx", "pipelines/commands/validate.ts", ...paths];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project, encoding: "utf8" });
  return { code: status, output: `${stdout}${stderr}` };
}

describe("loading", function () {
  // Two of these start a program.
  this.timeout(60_000);
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "algorun-documents-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Writes files below the folder, and gives their folder. */
  function files(name: string, contents: Readonly<Record<string, string>>): string {
    const root = join(folder, name);
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  }

  const [algo = "", deployment = ""] = soundText.split("---\n");

  it("finds the documents of all YAML files in and below a folder, and no others", () => {
    const root = files("nested", {
      "b/c/algo.yml": algo,
      "deployment.yaml": deployment,
      "notes.txt": "not: [yaml",
    });
    const { plans, problems } = loadPlans([root], platform);
    assert.deepEqual([plans.map(({ id }) => id), problems], [["acme.shout"], []]);
  });

  it("reads a file once that is named twice", () => {
    const root = files("twice", { "all.yaml": soundText });
    assert.equal(loadDocuments([root, join(root, "all.yaml")]).deployments.length, 1);
  });

  it("reports all problems of all files in one error", () => {
    const root = files("faulty", {
      "a.yaml": deployment.replace("      index: 1\n", "      index: one\n"),
      "b.yaml": algo.replace("executor: http", "executor: https"),
      "c.yaml": "kind: [",
    });
    assert.throws(
      () => loadPlans([root, join(root, "none.yaml")], platform),
      (error) => {
        assert.ok(error instanceof DocumentError);
        assert.deepEqual(error.message.replaceAll(root, "").split("\n"), [
          "4 problems in the pipeline documents:",
          '  /a.yaml:16 spec.algos[0].index: found "one", expected a whole number',
          '  /b.yaml:9 spec.executor: found "https", expected "Executable", "http", "grpc" or "Delegated"; did you mean "http"?',
          "  /c.yaml:1: broken YAML: unexpected end of the stream within a flow collection at column 8",
          "  /none.yaml:1: found no such file or folder",
        ]);
        return true;
      },
    );
  });

  it("does not call an algo unknown that has errors of its own", () => {
    assert.deepEqual(problemsOf(broken("executor: http", "executor: 7")), [
      'error shout.yaml:9 spec.executor: found 7, expected "Executable", "http", "grpc" or "Delegated"',
    ]);
  });

  it("takes anchors, merge keys and empty documents", () => {
    const text = broken(
      "      - name: texts\n",
      "      - &path { name: texts }\n      - <<: *path\n        name: more\n",
    );
    assert.deepEqual(
      planOf(
        `---\n---\n${text.replace("        contentType: text/plain\n  algos", "  algos")}---\n`,
      ).topics.map(({ name }) => name),
      [
        "algorun.acme.shout.endpoint.0.more",
        "algorun.acme.shout.endpoint.0.texts",
        "algorun.acme.shout.hook.0.dead-letters",
        "algorun.acme.shout.upper-case.1.dead-letters",
        "algorun.acme.shout.upper-case.1.upper",
      ],
    );
  });

  it("deploys the project's own documents without errors or warnings", () => {
    const { plans, problems } = loadPlans([join(project, "pipelines", "documents")], platform);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      plans.map(({ id, components }) => [id, ...components.map(({ name }) => name)]),
      [
        [
          "acme.order-enrichment",
          "acme-fraud-score-0-9-4-1",
          "acme-geocode-address-latest-1",
          "acme-validate-order-2-3-1-1",
          "endpoint",
          "hook",
        ],
        [
          "northwind.vibration-watch",
          "endpoint",
          "hook",
          "northwind-detect-anomaly-5-1-0-1",
          "northwind-summarise-1-0-3-1",
        ],
      ],
    );
  });

  it("is what npm run validate does: exit code 0 and a summary", () => {
    assert.deepEqual(validate(files("good", { "all.yaml": soundText })), {
      code: 0,
      output: "1 deployment with 3 components and 4 topics: no errors\n",
    });
  });

  it("is what npm run validate does: exit code 1 and every problem", () => {
    const root = files("bad", { "all.yaml": broken("  deploymentName: shout\n", "") });
    const { code, output } = validate(root);
    assert.equal(code, 1);
    assert.deepEqual(output.replaceAll(root, "").split("\n"), [
      "error /all.yaml:27 spec.deploymentName: is missing, expected text",
      "1 error: nothing can be deployed",
      "",
    ]);
  });
});

describe("the JSON Schemas for editors", () => {
  it("are the ones that npm run schema writes", () => {
    const folder = join(project, "pipelines", "schema");
    const written = readdirSync(folder).filter((name) => name.endsWith(".json"));
    assert.deepEqual(
      Object.fromEntries(written.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
      jsonSchemas(),
    );
  });
});
