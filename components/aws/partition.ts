/** A part of AWS that shares nothing with the others. */
export interface Partition {
  /** Second part of its ARNs. */
  readonly name: string;
  /** End of the host names of its services. */
  readonly domain: string;
}

/** The partition of a region. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", domain: "amazonaws.com.cn" };
  return { name: region.startsWith("us-gov-") ? "aws-us-gov" : "aws", domain: "amazonaws.com" };
}
