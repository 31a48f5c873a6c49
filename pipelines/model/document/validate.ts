import { z } from "zod";
import { deploymentId } from "../link/deployment-names";
import { didYouMean } from "./nearest-name";
import type { DocumentSource, PathStep, ProblemReport } from "./problem";
import { algoSchema, apiVersionSchema, type AlgoDocument } from "../schema/algo-schema";
import { dataConnectorSchema, type DataConnectorDocument } from "../schema/connector-schema";
import { pipelineDeploymentSchema, type PipelineDeploymentDocument } from "../schema/pipeline-schema";
import { oneOf } from "../values/text";

/** What a YAML document turned out to be. */
export type ValidationResult =
  | { readonly kind: "PipelineDeployment"; readonly document: PipelineDeploymentDocument }
  | { readonly kind: "Algo"; readonly document: AlgoDocument }
  | { readonly kind: "DataConnector"; readonly document: DataConnectorDocument }
  | {
      readonly kind: "faulty";
      readonly algoName?: string | undefined;
      readonly deploymentId?: string | undefined;
      readonly connectorName?: string | undefined;
    };

const kinds = ["PipelineDeployment", "Algo", "DataConnector"];

/** Checks one document against the schema of its kind; every fault is reported. */
export function validateDocument(
  value: unknown,
  source: DocumentSource,
  report: ProblemReport,
): ValidationResult {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report.error(source, [], `found ${describe(value)}, expected a mapping with apiVersion, kind and spec`);
    return { kind: "faulty" };
  }
  const kind: unknown = Reflect.get(value, "kind");
  if (kind === "PipelineDeployment") {
    const document = check(pipelineDeploymentSchema, value, source, report);
    return document === undefined ? { kind: "faulty", ...faultyDeploymentId(value) } : { kind, document };
  }
  if (kind === "Algo") {
    const document = check(algoSchema, value, source, report);
    return document === undefined ? { kind: "faulty", algoName: metadataName(value) } : { kind, document };
  }
  if (kind === "DataConnector") {
    const document = check(dataConnectorSchema, value, source, report);
    return document === undefined
      ? { kind: "faulty", connectorName: metadataName(value) }
      : { kind, document };
  }
  report.error(source, kind === undefined ? [] : ["kind"], unknownKind(kind));
  return { kind: "faulty" };
}

function unknownKind(kind: unknown): string {
  if (kind === undefined)
    return `kind is missing, expected ${oneOf(kinds)} (apiVersion ${apiVersionSchema.value})`;
  const hint = typeof kind === "string" ? didYouMean(kind, kinds) : "";
  return `found ${describe(kind)}, expected ${oneOf(kinds)}${hint}`;
}

const namedDeployment = z.object({
  spec: z.object({ deploymentOwner: z.string(), deploymentName: z.string() }),
});

function faultyDeploymentId(value: object): { readonly deploymentId?: string } {
  const named = namedDeployment.safeParse(value);
  return named.success ? { deploymentId: deploymentId(named.data.spec) } : {};
}

const namedDocument = z.object({ metadata: z.object({ name: z.string() }) });

function metadataName(value: object): string | undefined {
  const named = namedDocument.safeParse(value);
  return named.success ? named.data.metadata.name : undefined;
}

function check<T extends z.ZodType>(
  schema: T,
  value: object,
  source: DocumentSource,
  report: ProblemReport,
): z.output<T> | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, path);
      for (const key of issue.keys) {
        report.error(source, [...path, key], `unknown key ${JSON.stringify(key)}${hintOf(key, known)}`);
      }
    } else {
      report.error(source, path, explain(issue, valueAt(value, path)));
    }
  }
  return undefined;
}

function hintOf(key: string, known: readonly string[]): string {
  return didYouMean(key, known) || `, expected ${known.length === 0 ? "none" : `one of ${known.join(", ")}`}`;
}

/** What was found at the place of an issue, what its schema expects, and the nearest value if one is near. */
export function explain(issue: z.core.$ZodIssue, found: unknown): string {
  const expected = expectation(issue);
  if (found === undefined) return `is missing, expected ${expected}`;
  const values = valuesOf(issue);
  const hint = typeof found === "string" ? adviceOn(issue, found, values) : "";
  const isBareText = issue.code === "invalid_type" && issue.expected === "string";
  const quotes =
    isBareText && (typeof found === "number" || typeof found === "boolean") ? "; put it in quotes" : "";
  return `found ${describe(found)}, expected ${expected}${hint}${quotes}`;
}

function adviceOn(issue: z.core.$ZodIssue, found: string, values: readonly string[]): string {
  if (issue.code === "invalid_value" && !issue.message.startsWith("Invalid")) return `; ${issue.message}`;
  return values.length > 1 ? didYouMean(found, values) : "";
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
};

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type") {
    return issue.message.startsWith("Invalid input")
      ? (typeNames[issue.expected] ?? issue.expected)
      : issue.message;
  }
  const values = valuesOf(issue);
  if (values.length > 0) return oneOf(values);
  if (issue.code === "invalid_union" && issue.message.startsWith("Invalid input")) return eitherOf(issue);
  if (issue.code === "too_small" && isNumeric(issue.origin)) return `at least ${issue.minimum}`;
  if (issue.code === "too_big" && isNumeric(issue.origin)) return `at most ${issue.maximum}`;
  if (issue.code === "too_small" && issue.message.startsWith("Too small"))
    return "something that is not empty";
  return issue.message;
}

/** The values that are possible, where the issue is about one of a few. */
function valuesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  return issue.code === "invalid_union" && "options" in issue ? (issue.options ?? []).map(String) : [];
}

/** What the alternatives of a union expect, as far as they are about the value itself. */
function eitherOf({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const alternatives = errors.flatMap((issues) =>
    issues.filter(({ path }) => path.length === 0).map(expectation),
  );
  return alternatives.length === 0 ? "another form" : [...new Set(alternatives)].join(", or ");
}

function isNumeric(origin: string): boolean {
  return origin === "number" || origin === "int";
}

/** How a found value is shown: short, on one line. */
export function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 76)}…"`;
}

/** What a value holds at a path; undefined when nothing is there. */
export function valueAt(value: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** The keys that a schema allows at a path. */
function knownKeys(schema: z.ZodType, path: readonly PathStep[]): readonly string[] {
  let inner = unwrapped(schema);
  for (const step of path) {
    const below: unknown = inner instanceof z.ZodArray ? inner.element : propertyOf(inner, step);
    if (!(below instanceof z.ZodType)) return [];
    inner = unwrapped(below);
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function propertyOf(schema: z.ZodType, key: PathStep): unknown {
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)) return schema;
  const inner: unknown = schema.unwrap();
  return inner instanceof z.ZodType ? unwrapped(inner) : schema;
}
