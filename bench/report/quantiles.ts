/** Times of many messages, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The times of which half, one in a hundred, and none are longer. Without any, they are not numbers. */
export function latencyOf(milliseconds: readonly number[]): Latency {
  const sorted = Float64Array.from(milliseconds).sort();
  const quantile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { p50: quantile(0.5), p99: quantile(0.99), max: sorted.at(-1) ?? NaN };
}
