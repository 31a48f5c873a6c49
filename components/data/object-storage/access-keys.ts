import { generationName, type SecretGeneration } from "../../secret-rotation";

/** Access key of a bucket's user in a generation; no bucket has an underscore in its name. */
export function accessKeyOf(bucket: string, generation: number): string {
  return generationName(bucket, generation, "_");
}

/** Access keys of generations that work no more: all before, and the one after for who goes back. */
export function retiredKeys(bucket: string, { inUse, previous }: SecretGeneration): readonly string[] {
  if (inUse === 1) return [];
  const former = Array.from({ length: (previous ?? inUse) - 1 }, (_, index) => index + 1);
  return [...former, inUse + 1].map((generation) => accessKeyOf(bucket, generation));
}
