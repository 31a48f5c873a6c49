import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { format } from "prettier";
import { z } from "zod";
import type { PlanningResult } from "../../../pipelines/model/plan-pipelines";
import { formatProblem } from "../../../pipelines/model/document/problem";
import { changed, type Changed } from "./apply-change";
import type { Kind } from "./base-documents";
import { coverage } from "./coverage";
import type { CoveredField, Effect } from "./covered-field";
import { coveragePage } from "./page";

const root = join(__dirname, "..", "..", "..");
/** The original operator's definitions stand beside the checkout, where they are at hand. */
const original = join(root, "..", "shared", "original");
const files: Readonly<Record<Kind, string>> = {
  PipelineDeployment: "crd-pipelinedeployments.yaml",
  Algo: "crd-algos.yaml",
  DataConnector: "crd-dataconnectors.yaml",
};
const kinds = ["PipelineDeployment", "Algo", "DataConnector"] as const;

/** Problems of one severity, or those that say something of a place. */
function said({ problems }: PlanningResult, severity: string, at = ""): readonly string[] {
  return problems.filter((each) => each.severity === severity && each.path.startsWith(at)).map(formatProblem);
}

/** What the plans say, without the words about it. */
function decisions({ plans }: PlanningResult): string {
  return JSON.stringify(plans.map((plan) => ({ ...plan, warnings: [] })));
}

const proofs: Readonly<Record<Effect, (change: Changed, at: string) => void>> = {
  honoured: ({ before, after }) => {
    assert.deepEqual(said(after, "error"), []);
    assert.notEqual(decisions(after), decisions(before));
  },
  checked: ({ after }, at) => {
    assert.notDeepEqual(said(after, "error", at), []);
  },
  refused: ({ after }, at) => {
    assert.notDeepEqual(said(after, "error", at), []);
  },
  warning: ({ before, after }, at) => {
    assert.deepEqual(said(after, "error"), []);
    assert.equal(decisions(after), decisions(before));
    assert.notDeepEqual(said(after, "warning", at), []);
  },
  "no meaning": ({ before, after }) => {
    assert.deepEqual(after, before);
  },
};

function prove(kind: Kind, { effect, change }: CoveredField): void {
  const results = changed(kind, change);
  assert.deepEqual(said(results.before, "error"), []);
  proofs[effect](results, change.saidAt ?? change.at);
}

/** The part of an OpenAPI schema that says which fields there are. */
interface FieldSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
}

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    properties: z.record(z.string(), fieldSchema).optional(),
    items: fieldSchema.optional(),
    additionalProperties: fieldSchema.optional(),
  }),
);

const definitionSchema = z.object({
  spec: z.object({ validation: z.object({ openAPIV3Schema: fieldSchema }) }),
});

function leaves(schema: FieldSchema, path: string): readonly string[] {
  if (schema.items !== undefined) return leaves(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) return leaves(schema.additionalProperties, `${path}.{}`);
  if (schema.properties === undefined) return [path];
  return Object.entries(schema.properties).flatMap(([key, inner]) =>
    leaves(inner, path === "" ? key : `${path}.${key}`),
  );
}

describe("the coverage of the original's format", () => {
  for (const kind of kinds) {
    it(`lists no field of ${kind} twice`, () => {
      const paths = coverage[kind].map(({ path }) => path);
      assert.deepEqual(
        paths.filter((path, index) => paths.indexOf(path) !== index),
        [],
      );
    });

    it(`is proved for every field of ${kind}`, function () {
      // Two plans for each of some hundred fields.
      this.timeout(60_000);
      const faults = coverage[kind].flatMap((field) => {
        try {
          prove(kind, field);
          return [];
        } catch (error) {
          assert.ok(error instanceof assert.AssertionError);
          return [`${field.path} is not ${field.effect}: ${error.message}`];
        }
      });
      assert.deepEqual(faults, []);
    });
  }

  it("is what docs/crd-coverage.md says; `npm run coverage` writes it anew", async () => {
    const page = await format(coveragePage(), { parser: "markdown" });
    assert.equal(readFileSync(join(root, "docs", "crd-coverage.md"), "utf8"), page);
  });
});

if (existsSync(original)) {
  describe("the original's definitions", () => {
    for (const kind of kinds) {
      it(`have the fields of ${kind} that are covered, and no others`, () => {
        const definition = definitionSchema.parse(load(readFileSync(join(original, files[kind]), "utf8")));
        const want = leaves(definition.spec.validation.openAPIV3Schema, "");
        assert.deepEqual(coverage[kind].map(({ path }) => path).sort(), [...want].sort());
      });
    }
  });
}
