import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, loadAll, mergeTag } from "js-yaml";
import { z } from "zod";
import { fullText } from "./full-documents";

const project = join(__dirname, "..", "..");
const yamlSchema = CORE_SCHEMA.withTags(mergeTag);
const kindSchema = z.looseObject({ kind: z.string() });

/** The schema in a file as an editor understands it. */
function readSchema(name: string): z.ZodType {
  const text = readFileSync(join(project, "pipelines", "schema", name), "utf8");
  return z.fromJSONSchema(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(project, folder, name), "utf8"));
}

const documents = [...filesBelow("pipelines/documents"), ...filesBelow("pipelines/examples"), fullText]
  .flatMap((text) => loadAll(text, { schema: yamlSchema }))
  .filter((value) => value !== null)
  .map((value) => kindSchema.parse(value));

/** `PipelineDeployment` has its schema in `pipeline-deployment.json`. */
function fileOf(kind: string): string {
  return `${kind.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.json`;
}

describe("the JSON Schemas, as an editor applies them", () => {
  for (const kind of new Set(documents.map((document) => document.kind))) {
    it(`accept every ${kind} that ships, and refuse a misspelt field`, () => {
      const [any, own] = [readSchema("document.json"), readSchema(fileOf(kind))];
      for (const document of documents.filter((each) => each.kind === kind)) {
        for (const schema of [any, own]) {
          assert.equal(schema.safeParse(document).success, true, JSON.stringify(document));
          assert.equal(schema.safeParse({ ...document, spek: {} }).success, false);
        }
      }
    });
  }
});
