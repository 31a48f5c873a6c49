/**
 * An exact amount of something, in thousandths of its unit: cores, bytes, pieces. Sums of many small quantities stay
 * what they are, and so do petabytes.
 */
export type Amount = bigint;

/** Thousandths in a unit. */
export const unit: Amount = 1000n;

const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimal = ["k", "M", "G", "T", "P", "E"];

/**
 * The amount that a Kubernetes quantity such as 500m, 1.5 or 2Gi stands for; what is smaller than a thousandth is rounded
 * up, as Kubernetes does it.
 */
export function amountOf(text: string | number): Amount {
  const [, whole = "0", fraction = "", suffix = ""] = /^(\d+)(?:\.(\d+))?(.*)$/.exec(String(text)) ?? [];
  const thousandths = BigInt(whole + fraction) * multiplierOf(suffix) * (suffix === "m" ? 1n : unit);
  return dividedUp(thousandths, 10n ** BigInt(fraction.length));
}

function multiplierOf(suffix: string): bigint {
  const exponent = /^[eE](\d+)$/.exec(suffix)?.[1];
  if (exponent !== undefined) return 10n ** BigInt(exponent);
  if (binary.includes(suffix)) return 1024n ** BigInt(binary.indexOf(suffix) + 1);
  return decimal.includes(suffix) ? 1000n ** BigInt(decimal.indexOf(suffix) + 1) : 1n;
}

/** A quotient, rounded up. */
export function dividedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

/** An amount as a number with, at most, the suffix m: for cores and for what is counted. */
export function countText(amount: Amount): string {
  return amount % unit === 0n ? String(amount / unit) : `${amount}m`;
}

/** An amount of bytes in the largest binary unit of which it is a whole number; from 1Mi on, fractions of it are rounded up. */
export function bytesText(amount: Amount): string {
  const bytes = dividedUp(amount, unit);
  const mebi = 1024n ** 2n;
  const rounded = bytes < mebi ? bytes : dividedUp(bytes, mebi) * mebi;
  if (rounded === 0n) return "0";
  const suffixes = binary.filter((_, index) => rounded % 1024n ** BigInt(index + 1) === 0n);
  return `${rounded / 1024n ** BigInt(suffixes.length)}${suffixes.at(-1) ?? ""}`;
}
