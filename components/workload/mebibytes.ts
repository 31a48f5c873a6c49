const mebibytesByUnit: Readonly<Record<string, number>> = {
  "": 2 ** -20,
  k: 1e3 / 2 ** 20,
  M: 1e6 / 2 ** 20,
  G: 1e9 / 2 ** 20,
  T: 1e12 / 2 ** 20,
  Ki: 2 ** -10,
  Mi: 1,
  Gi: 2 ** 10,
  Ti: 2 ** 20,
};

/**
 * Reads a quantity of memory.
 *
 * @param quantity - as Kubernetes writes it, such as `512Mi`
 * @returns MiB; NaN for what is no quantity
 */
export function mebibytes(quantity: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(quantity) ?? [];
  return Number(amount) * (mebibytesByUnit[unit ?? ""] ?? Number.NaN);
}
