const unitPrefixes = ["", "k", "M", "G", "T", "P", "E"];

/** Value of a Kubernetes quantity such as 500m, 1.5 or 2Gi. */
export function quantity(text: string | number): number {
  const [, digits = "0", unit = ""] = /^([\d.]+(?:[eE]\d+)?)(.*)$/.exec(String(text)) ?? [];
  if (unit === "m") return Number(digits) / 1000;
  if (unit.endsWith("i"))
    return Number(digits) * 1024 ** unitPrefixes.indexOf(unit.slice(0, 1).replace("K", "k"));
  return Number(digits) * 1000 ** unitPrefixes.indexOf(unit);
}
