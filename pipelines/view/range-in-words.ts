import type { AmountRange } from "../model/capacity/capacity";
import { quotaText } from "../model/capacity/quota-text";

/** `1 to 2`, or `1` where both ends are the same; nothing for nothing. */
export function rangeInWords(name: string, range: AmountRange | undefined): string {
  if (range === undefined) return "";
  const [least, most] = [quotaText(name, range.least), quotaText(name, range.most)];
  return least === most ? most : `${least} to ${most}`;
}
