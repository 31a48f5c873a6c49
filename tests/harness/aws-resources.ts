import assert from "node:assert/strict";
import { z } from "zod";
import type { RegisteredResource } from "./deploy";

/** The resources of AWS of a kind, such as `s3/bucket:Bucket`. */
export function awsResources(
  resources: readonly RegisteredResource[],
  kind: string,
): readonly RegisteredResource[] {
  return resources.filter(({ type }) => type === `aws:${kind}`);
}

/** The one resource of AWS of a kind. */
export function theAwsResource(resources: readonly RegisteredResource[], kind: string): RegisteredResource {
  const [found, ...others] = awsResources(resources, kind);
  assert.ok(found, `no aws:${kind} is registered`);
  assert.deepEqual(
    others.map(({ name }) => name),
    [],
    `more than one aws:${kind}`,
  );
  return found;
}

const texts = z.union([z.string(), z.array(z.string())]);

const policySchema = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.strictObject({
      Sid: z.string(),
      Effect: z.enum(["Allow", "Deny"]),
      Principal: z.union([z.literal("*"), z.record(z.string(), texts)]).optional(),
      Action: texts,
      Resource: texts.optional(),
      Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
    }),
  ),
});

/** A policy by its statements' names. */
export type PolicyByName = Readonly<Record<string, z.infer<typeof policySchema>["Statement"][number]>>;

/** The policy in an argument. */
export function policyIn({ inputs }: RegisteredResource, field: string): PolicyByName {
  const { Statement } = policySchema.parse(JSON.parse(z.string().parse(inputs[field])));
  return Object.fromEntries(Statement.map((statement) => [statement.Sid, statement]));
}
