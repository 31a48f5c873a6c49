import type { Data } from "./fixtures";
import type { Given } from "./harness";

/** A resource of AWS as a program registers it: `aws("msk/cluster:Cluster", "kafka", …)`. */
export function aws(type: string, name: string, props: Readonly<Record<string, Data>>): Given {
  return { type: `aws:${type}`, name, props };
}

/** A policy of IAM with one statement that allows something. */
export function policyDocument(statement: Readonly<Record<string, Data>>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}
