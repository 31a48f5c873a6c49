import { bytesText, countText, type Amount } from "../values/amount";

const inBytes = /(^|\.)(memory|storage|ephemeral-storage)$/;

/** An amount as a quantity, in the unit of what a ResourceQuota calls `name`. */
export function quotaText(name: string, amount: Amount): string {
  return inBytes.test(name) ? bytesText(amount) : countText(amount);
}
