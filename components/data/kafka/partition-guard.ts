import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { partitionDecreases } from "../../../pipelines/model/topics/partitions";

/** What the stash of a set of topics is told: partitions by topic name. */
const stashInputs = z.object({ input: z.record(z.string(), z.number()) });

/**
 * A hook that compares the partitions that are asked for with those that the stack has, in previews too.
 * An exception in it fails the operation.
 *
 * @param owner - logical name of who asks: a hook's name is unique in a program
 */
export function partitionGuard(owner: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`${owner}-partitions-never-decrease`, refuseFewerPartitions, {
    onDryRun: true,
  });
}

/**
 * Fails when a topic would have fewer partitions than it has.
 *
 * @param hook - inputs of the stash before and now
 * @throws Error with a line for each such topic
 */
export function refuseFewerPartitions({
  oldInputs,
  newInputs,
}: Pick<pulumi.ResourceHookArgs, "oldInputs" | "newInputs">): void {
  const existing = stashInputs.parse(oldInputs).input;
  const planned = Object.entries(stashInputs.parse(newInputs).input).map(([name, partitions]) => ({
    name,
    partitions,
  }));
  const decreases = partitionDecreases(existing, planned);
  if (decreases.length > 0) throw new Error(decreases.map(({ message }) => message).join("\n"));
}
