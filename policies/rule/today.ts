/** Gives a calendar day in UTC as ISO 8601 writes it: `2027-03-31`. Such texts sort by time. */
export type Today = () => string;

/**
 * The day that the machine's clock shows. Exceptions end on a day, so the policy pack is the one place of the
 * project that reads a clock: it decides about resources and makes none.
 */
export const systemDay: Today = () => new Date().toISOString().slice(0, 10);

/** Whether a text is a day that the calendar has; 2027-02-30 is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
