import type { ByteBudget } from "./byte-budget";

/** Most memory that a stream into object storage takes, of so many bytes in all. */
export function memoryOfUpload(partsBytes: number, length: number | undefined): number {
  return Math.min(partsBytes, length ?? partsBytes);
}

/** Runs an upload once there is memory for its parts. */
export async function withUploadMemory<Result>(
  budget: ByteBudget,
  bytes: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const lease = budget.lease();
  try {
    await lease.grow(bytes);
    return await work();
  } finally {
    lease.end();
  }
}
