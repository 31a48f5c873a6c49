import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load, loadAll } from "js-yaml";
import { z } from "zod";
import { loadDocuments, parseDocuments } from "../../pipelines/model/document/documents";
import type { PathStep } from "../../pipelines/model/document/problem";
import { planPipelines, type PlanningResult } from "../../pipelines/model/plan-pipelines";
import { platform } from "./documents-under-test";
import { fullText } from "./full-documents";

/** The original operator's samples and schemas stand beside the checkout, where they are at hand. */
const original = join(__dirname, "..", "..", "..", "shared", "original");

/** The part of an OpenAPI schema that says which fields there are. */
interface FieldSchema {
  readonly type: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema;
}

const fieldSchema: z.ZodType<FieldSchema> = z.lazy(() =>
  z.object({
    type: z.string(),
    properties: z.record(z.string(), fieldSchema).optional(),
    items: fieldSchema.optional(),
    additionalProperties: fieldSchema.optional(),
  }),
);

const specOf = z.object({
  spec: z.object({
    validation: z.object({ openAPIV3Schema: z.object({ properties: z.object({ spec: fieldSchema }) }) }),
  }),
});

/** Paths of all fields that hold a value, e.g. `endpoint.paths[].name`; `{}` stands for any key. */
function leaves(schema: FieldSchema, path: readonly string[]): readonly (readonly string[])[] {
  if (schema.items !== undefined) return leaves(schema.items, [...path, "[]"]);
  if (schema.additionalProperties !== undefined) return leaves(schema.additionalProperties, [...path, "{}"]);
  if (schema.properties === undefined) return [path];
  return Object.entries(schema.properties).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** Every place of a document that a path of the schema means. */
function places(
  value: unknown,
  path: readonly string[],
  at: readonly PathStep[] = [],
): readonly (readonly PathStep[])[] {
  const [step, ...rest] = path;
  if (step === undefined) return [at];
  if (typeof value !== "object" || value === null) return [];
  const keys: readonly PathStep[] =
    step === "[]" ? [...Object.keys(value).keys()] : step === "{}" ? Object.keys(value) : [step];
  return keys.flatMap((key) =>
    Object.hasOwn(value, key) ? places(Reflect.get(value, key), rest, [...at, key]) : [],
  );
}

/** A copy of a document in which the value at one place is another one, or is gone. */
function changed(document: unknown, place: readonly PathStep[], change: "other" | "gone"): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  const last = place.at(-1) ?? "";
  const parent = place.slice(0, -1).reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), copy);
  if (typeof parent !== "object" || parent === null) throw new Error(`no parent of ${place.join(".")}`);
  if (change === "gone" && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (change === "gone") Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, otherThan(Reflect.get(parent, last)));
  return copy;
}

function otherThan(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  return typeof value === "number" ? value + 1 : `${String(value)}x`;
}

function plan(documents: readonly unknown[]): PlanningResult {
  const files = documents.map((document, index) => ({
    file: `${index}.yaml`,
    text: JSON.stringify(document),
  }));
  return planPipelines(parseDocuments(files), platform);
}

/** The full documents with each form that a probe can have: a probe is only one of them. */
function fullDocuments(): readonly (readonly unknown[])[] {
  const numbered = { isInt32: true, int32Value: 8080, isString: false };
  const named = { isInt32: false, isString: true, stringValue: "http" };
  const probes: readonly object[] = [
    { exec: { command: ["/bin/true"] } },
    ...[numbered, named].flatMap((port) => [
      { tcpSocket: { host: "localhost", port } },
      {
        httpGet: {
          host: "localhost",
          path: "/up",
          scheme: "HTTP",
          port,
          httpHeaders: [{ name: "A", value: "b" }],
        },
      },
    ]),
  ];
  const documents: readonly unknown[] = loadAll(fullText);
  return [documents, ...probes.map((probe) => documents.map((document) => withProbe(document, probe)))];
}

function withProbe(document: unknown, probe: object): unknown {
  const text = JSON.stringify(document, (key, value: unknown) => (key.endsWith("Probe") ? probe : value));
  return JSON.parse(text);
}

interface Baseline {
  readonly documents: readonly unknown[];
  readonly result: string;
}

function baselines(): readonly Baseline[] {
  return fullDocuments().map((documents) => ({ documents, result: JSON.stringify(plan(documents)) }));
}

/** Whether the plan or the problems tell that a field was changed anywhere in the full documents. */
function hasEffect(path: readonly string[], given: readonly Baseline[]): boolean {
  return given.some(({ documents, result }) =>
    documents.some((document, index) =>
      places(document, ["spec", ...path]).some((place) =>
        (["other", "gone"] as const).some((change) => {
          const altered = documents.map((each, at) => (at === index ? changed(each, place, change) : each));
          return JSON.stringify(plan(altered)) !== result;
        }),
      ),
    ),
  );
}

function leavesOf(file: string): readonly (readonly string[])[] {
  const definition = specOf.parse(load(readFileSync(join(original, file), "utf8")));
  return leaves(definition.spec.validation.openAPIV3Schema.properties.spec, []);
}

describe("the full documents", () => {
  it("have no errors", () => {
    for (const documents of fullDocuments()) {
      assert.deepEqual(
        plan(documents).problems.filter(({ severity }) => severity === "error"),
        [],
      );
    }
  });

  it("have an effect for a field, and none for a field that is not there", () => {
    assert.equal(hasEffect(["deploymentName"], baselines()), true);
    assert.equal(hasEffect(["noSuchField"], baselines()), false);
  });
});

if (existsSync(original)) {
  describe("the original's format", () => {
    it("deploys its samples as they are", () => {
      const { plans, problems } = planPipelines(
        loadDocuments([
          join(original, "sample-algo.yaml"),
          join(original, "sample-pipeline-deployment.yaml"),
        ]),
        platform,
      );
      assert.deepEqual(
        problems.map(({ severity, path }) => `${severity} ${path}`),
        [
          "warning spec.versions[0].image.tag",
          "warning spec.kafkaBrokers",
          "warning spec.eventHook.webHooks",
        ],
      );
      const topics = plans[0]?.topics.map(({ name, partitions, replicationFactor }) => [
        name,
        partitions,
        replicationFactor,
      ]);
      assert.deepEqual(topics, [
        ["algorun.local.test-deployment.endpoint.0.test_http", 3, 1],
        ["algorun.local.test-deployment.test-text-transform-http.1.text", 3, 1],
      ]);
      assert.equal(plans[0]?.routes[0]?.prefix, "/run/http/local/test-deployment/");
    });

    for (const file of ["crd-pipelinedeployments.yaml", "crd-algos.yaml", "crd-dataconnectors.yaml"]) {
      it(`has no field in ${file} that is silently ignored`, function () {
        // Some thousand plans: far below this on an idle machine.
        this.timeout(60_000);
        const given = baselines();
        const ignored = leavesOf(file).filter((path) => !hasEffect(path, given));
        assert.deepEqual(
          ignored.map((path) => path.join(".")),
          [],
        );
      });
    }
  });
}
