import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { CORE_SCHEMA, loadAll, mergeTag } from "js-yaml";
import { readdirSync, readFileSync } from "node:fs";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import { parseDocuments, type DocumentFile } from "../../pipelines/model/document/documents";
import type { PipelinePlan } from "../../pipelines/model/plan/plan";
import { planPipelines } from "../../pipelines/model/plan-pipelines";
import { fullText } from "./full-documents";

const project = join(__dirname, "..", "..");
const yamlSchema = CORE_SCHEMA.withTags(mergeTag);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => readFileSync(join(project, folder, name), "utf8"));
}

/** The documents of each set that stands by itself, as values. */
const sets: readonly (readonly unknown[])[] = [
  [...filesBelow("pipelines/documents"), ...filesBelow("pipelines/examples")],
  [fullText],
].map((texts) => texts.flatMap((text) => loadAll(text, { schema: yamlSchema })));

/** Numbers that follow from a seed, each below 1: a linear congruence is enough to shuffle by. */
function* numbersFrom(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

function shuffled<T>(items: readonly T[], numbers: Generator<number, never>): T[] {
  return items
    .map((item) => ({ item, rank: numbers.next().value }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Whether the order of a list means nothing: words have one, and so do things that don't say their own place. */
function isUnordered(items: readonly unknown[]): boolean {
  return items.every(
    (item) => typeof item === "object" && item !== null && (!("backoffDuration" in item) || "index" in item),
  );
}

/** The same value with its unordered lists, and the keys of its mappings, in another order. */
function permuted(value: unknown, numbers: Generator<number, never>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => permuted(item, numbers));
    return isUnordered(items) ? shuffled(items, numbers) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]: readonly [string, unknown]) => {
    return [key, permuted(inner, numbers)] as const;
  });
  return Object.fromEntries(shuffled(entries, numbers));
}

/** Plans without what is about places: files, lines. */
function plansOf(documents: readonly unknown[]): readonly PipelinePlan[] {
  const files = documents.map((document, index): DocumentFile => ({
    file: `${index}.yaml`,
    text: JSON.stringify(document),
  }));
  const { plans, problems } = planPipelines(parseDocuments(files), anyPlatform);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  return plans.map((plan) => ({ ...plan, source: { file: "", line: 1 }, warnings: [] }));
}

describe("the shipped documents and the examples, in any order", function () {
  this.timeout(60_000);

  for (const [index, documents] of sets.entries()) {
    it(`have the same plans (${index === 0 ? "all of them" : "every field of the format"})`, () => {
      const given = plansOf(documents);
      fc.assert(
        fc.property(fc.nat(1_000_000), (seed) => {
          const numbers = numbersFrom(seed);
          const other = shuffled(documents, numbers).map((document) => permuted(document, numbers));
          assert.deepEqual(plansOf(other), given);
        }),
        { numRuns: 50 },
      );
    });
  }
});
