/** Digits of a message's number. */
const digits = 12;
const paddings = new Map<number, string>();

/** A message of so many bytes that begins with its number. */
export function messageText(number: number, bytes: number): string {
  const padding = paddings.get(bytes) ?? "x".repeat(bytes - digits);
  paddings.set(bytes, padding);
  return String(number).padStart(digits, "0") + padding;
}

/** The number that a message begins with. */
export function numberOf(text: Buffer): number {
  return Number(text.toString("latin1", 0, digits));
}
