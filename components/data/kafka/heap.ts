const mebibytesByUnit: Readonly<Record<string, number>> = {
  "": 1 / 2 ** 20,
  k: 1e3 / 2 ** 20,
  M: 1e6 / 2 ** 20,
  G: 1e9 / 2 ** 20,
  T: 1e12 / 2 ** 20,
  Ki: 2 ** -10,
  Mi: 1,
  Gi: 2 ** 10,
  Ti: 2 ** 20,
};

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
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(memory) ?? [];
  const size = Number(amount) * (mebibytesByUnit[unit ?? ""] ?? Number.NaN);
  if (!(size >= leastMemory)) {
    throw new Error(
      `memory of a Kafka node: found ${memory}, expected a quantity of at least ${leastMemory}Mi`,
    );
  }
  return Math.floor(size / 2);
}
