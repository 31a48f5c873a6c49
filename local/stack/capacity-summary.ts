import { z } from "zod";

const range = z.object({ least: z.string(), most: z.string() });

const capacitySchema = z.object({
  allPipelines: z.object({ cluster: z.record(z.string(), range) }),
  eachBroker: z.object({ copies: z.number(), partitionsLimit: z.number() }),
});

/** What a reader asks first; the output has the rest. */
const shown = ["pods", "requests.cpu", "requests.memory", "requests.storage"];

/**
 * The output `capacity` of a stack in a few lines.
 *
 * @returns no lines for a stack without it
 */
export function describeCapacity(output: unknown): readonly string[] {
  const parsed = capacitySchema.safeParse(output);
  if (!parsed.success) return [];
  const { allPipelines, eachBroker } = parsed.data;
  const uses = shown.flatMap((name) => {
    const use = allPipelines.cluster[name];
    if (use === undefined) return [];
    return [[name, use.least === use.most ? use.most : `${use.least} to ${use.most}`] as const];
  });
  const { copies, partitionsLimit } = eachBroker;
  const lines = [
    ...uses,
    ["partitions of a broker", `${copies}, of ${partitionsLimit} at the most`] as const,
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
