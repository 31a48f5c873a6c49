import type { MetricName } from "./metric-names";

/** Values that labels must have; a list admits any of its values. */
export type LabelValues = Readonly<Record<string, string | readonly string[]>>;

/** Selects the series of a metric that have these labels. */
export function series(metric: MetricName, labels: LabelValues): string {
  const matchers = Object.entries(labels).map(([label, value]) => matcher(label, value));
  return `${metric}{${matchers.join(",")}}`;
}

function matcher(label: string, value: string | readonly string[]): string {
  if (typeof value === "string") return `${label}=${JSON.stringify(value)}`;
  const [only] = value;
  if (value.length === 1 && only !== undefined) return matcher(label, only);
  return `${label}=~${JSON.stringify(value.map(literal).join("|"))}`;
}

/** A regular expression that a text matches and nothing else does. Names have no other sign with a meaning than dots. */
function literal(text: string): string {
  return text.replaceAll(".", "[.]");
}
