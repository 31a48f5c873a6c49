import type { Field } from "./field";
import type { Resource } from "./resource";

/** Type token of Emissary's routes, whatever the version of the API. */
const mapping = /^kubernetes:getambassador\.io\/[^:]+:Mapping$/;

/** A route of Ambassador. */
export interface Route {
  readonly resource: Resource;
  readonly spec: Field;
}

/** Whether a resource is a route of Ambassador. */
export function isMapping({ type }: Resource): boolean {
  return mapping.test(type);
}

/** The routes of a stack whose conditions are known. */
export function routesOf(resources: readonly Resource[]): readonly Route[] {
  return resources
    .filter(isMapping)
    .map((resource) => ({ resource, spec: resource.fields.at("spec") }))
    .filter(({ spec }) => !spec.isUnknown && !conditions.some((key) => spec.at(key).isPartlyUnknown));
}

/** The fields by which Emissary tells requests apart, beside the path. */
const conditions = [
  "headers",
  "host",
  "host_regex",
  "hostname",
  "method",
  "method_regex",
  "prefix",
  "prefix_exact",
  "prefix_regex",
  "query_parameters",
  "regex_headers",
  "regex_query_parameters",
];

/** What a request must have beside the path: two routes with the same text are for the same requests. */
export function conditionsOf({ spec }: Route): string {
  const others = conditions.filter((key) => key !== "prefix");
  return JSON.stringify(others.map((key) => [key, spec.at(key).isAbsent ? null : sorted(spec.at(key))]));
}

/** Whether a route gets copies of requests, and answers none. */
export function isShadow({ spec }: Route): boolean {
  return spec.at("shadow").value === true;
}

function sorted(field: Field): unknown {
  if (field.items.length > 0) return field.items.map(sorted);
  if (field.entries.length > 0) return field.entries.map(([key, entry]) => [key, sorted(entry)]);
  return field.shown;
}
