import { amountOf, unit } from "./amount";

/** Value of a Kubernetes quantity such as 500m, 1.5 or 2Gi, to a thousandth. */
export function quantity(text: string | number): number {
  return Number(amountOf(text)) / Number(unit);
}
