/** What a mutation may choose by. */
export interface Choice {
  /** Taken modulo the number of places. */
  readonly place: number;
  /** Taken modulo the number of ways to break a place. */
  readonly way: number;
}

/** Breaks text in one way. */
export type Mutation = (text: string, choice: Choice) => string;

/** One of some items. */
export function chosen<T>(items: readonly T[], choice: number): T {
  const item = items[choice % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}
