import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

/** A system of a platform that the pipelines of other stacks use as well. */
export interface HandsOver<Handover> {
  /** What those stacks are told; holds secrets. */
  readonly handover: pulumi.Output<Handover>;
}

/**
 * What one stack tells another: plain data in the form that the other expects, and a secret as a whole, since passwords
 * are in it.
 *
 * @param value - may hold outputs at any depth
 */
export function handoverOf<Schema extends z.ZodType>(
  schema: Schema,
  value: object,
): pulumi.Output<z.infer<Schema>> {
  // Checked here as well: here its mistakes are made.
  return pulumi.secret(value).apply((known) => schema.parse(known));
}
