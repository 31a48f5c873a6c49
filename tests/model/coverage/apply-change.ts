import { parseDocuments } from "../../../pipelines/model/document/documents";
import { planPipelines, type PlanningResult } from "../../../pipelines/model/plan-pipelines";
import { platform } from "../documents-under-test";
import { baseDocuments, furtherDocuments, type Kind } from "./base-documents";
import type { Change } from "./covered-field";

/** Plans before and after a change of one document. */
export interface Changed {
  readonly before: PlanningResult;
  readonly after: PlanningResult;
}

/** Plans the base documents with and without a change in the one of a kind. */
export function changed(kind: Kind, { at, before, after }: Change): Changed {
  const base = baseDocuments[kind];
  const given = before === undefined ? base : withValue(base, at, before);
  return { before: plan(kind, given), after: plan(kind, withValue(given, at, after)) };
}

function plan(kind: Kind, document: object): PlanningResult {
  const others = Object.entries(baseDocuments).flatMap(([other, base]) => (other === kind ? [] : [base]));
  const documents = [document, ...others, ...furtherDocuments];
  // Each in a file of its own, by its place, so that lines and files are the same before and after.
  return planPipelines(
    parseDocuments(documents.map((each, index) => ({ file: `${index}.yaml`, text: JSON.stringify(each) }))),
    platform,
  );
}

/** A copy of a document with another value at a place; what is missing on the way is made. */
function withValue(document: object, at: string, value: unknown): object {
  const copy: unknown = JSON.parse(JSON.stringify(document));
  if (typeof copy !== "object" || copy === null) throw new Error("no document");
  const steps = at.split(/[.[\]]+/).filter((step) => step !== "");
  const last = steps.pop() ?? "";
  let parent: object = copy;
  for (const step of steps) {
    const inner: unknown = Reflect.get(parent, step) ?? {};
    if (typeof inner !== "object" || inner === null) throw new Error(`${step} of ${at} holds nothing`);
    Reflect.set(parent, step, inner);
    parent = inner;
  }
  Reflect.set(parent, last, value);
  return copy;
}
