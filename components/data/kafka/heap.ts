import { mebibytes } from "../../workload/mebibytes";

/** The least memory in MiB with which a node does its work, and the tools that its pod runs beside it fit. */
const leastMemory = 512;

/**
 * Java's heap for a container: half of its memory. The other half is for the page cache, from which Kafka serves
 * almost everything, for buffers outside the heap, and for the tool that runs before a stop.
 *
 * @param memory - the container's memory limit, as Kubernetes writes quantities
 * @returns MiB
 * @throws Error for what is no quantity, and for less than 512Mi
 */
export function heapMebibytes(memory: string): number {
  const size = mebibytes(memory);
  if (!(size >= leastMemory)) {
    throw new Error(
      `memory of a Kafka node: found ${memory}, expected a quantity of at least ${leastMemory}Mi`,
    );
  }
  return Math.floor(size / 2);
}
