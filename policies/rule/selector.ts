import type { Field } from "./field";

/**
 * Whether a label selector picks out what has some labels. Parts that are not known yet are given the benefit of the
 * doubt: they pick it out.
 *
 * @param selector - with `matchLabels` and `matchExpressions`; empty, it picks out everything
 */
export function selects(selector: Field, labels: Field): boolean {
  if (selector.isUnknown || labels.isUnknown) return true;
  return (
    selector.at("matchLabels").entries.every(([key, wanted]) => isSame(wanted, labels.at(key))) &&
    selector.at("matchExpressions").items.every((expression) => holds(expression, labels))
  );
}

/** Whether a selector says nothing, and so picks out everything; not when it is unknown. */
export function isEmptySelector(selector: Field): boolean {
  const parts = [selector.at("matchLabels"), selector.at("matchExpressions")];
  return !selector.isUnknown && parts.every((part) => !part.isUnknown && isEmpty(part));
}

/**
 * Label selectors by a label that each of them asks for: so that finding those that pick out a pod costs what its
 * labels cost, and not what all selectors cost.
 */
export class SelectorIndex<Item> {
  private readonly byLabel = new Map<string, Entry<Item>[]>();
  /** Selectors that ask for no label, or for one that is not known yet. */
  private readonly others: Entry<Item>[] = [];
  private readonly all: readonly Entry<Item>[];

  constructor(entries: readonly Entry<Item>[]) {
    this.all = entries;
    const counts = new Map<string, number>();
    for (const label of entries.flatMap(({ selector }) => labelsOf(selector.at("matchLabels"))))
      counts.set(label, (counts.get(label) ?? 0) + 1);
    for (const entry of entries) {
      // What all have in common, such as part-of, would put all of them in one place.
      const [rarest] = labelsOf(entry.selector.at("matchLabels")).sort(
        (left, right) => (counts.get(left) ?? 0) - (counts.get(right) ?? 0),
      );
      if (rarest === undefined) this.others.push(entry);
      else this.byLabel.set(rarest, [...(this.byLabel.get(rarest) ?? []), entry]);
    }
  }

  /** What belongs to the selectors that pick out something with these labels. */
  selecting(labels: Field): readonly Item[] {
    const isPartlyUnknown = labels.isPartlyUnknown;
    const candidates = isPartlyUnknown
      ? this.all
      : [...this.others, ...labelsOf(labels).flatMap((label) => this.byLabel.get(label) ?? [])];
    return candidates.filter(({ selector }) => selects(selector, labels)).map(({ item }) => item);
  }
}

/** A selector and what belongs to it. */
export interface Entry<Item> {
  readonly selector: Field;
  readonly item: Item;
}

/** The labels of a map whose values are known. */
function labelsOf(labels: Field): string[] {
  return labels.entries.flatMap(([key, { text }]) => (text === undefined ? [] : [`${key}=${text}`]));
}

function isSame(wanted: Field, found: Field): boolean {
  return wanted.isUnknown || found.isUnknown || (!found.isAbsent && wanted.text === found.text);
}

function holds(expression: Field, labels: Field): boolean {
  const key = expression.at("key").text;
  if (key === undefined) return true;
  const found = labels.at(key);
  const values = expression.at("values");
  if (found.isUnknown || values.isPartlyUnknown) return true;
  const isListed = found.text !== undefined && values.texts.includes(found.text);
  switch (expression.at("operator").text) {
    case "In":
      return isListed;
    case "NotIn":
      return !isListed;
    case "Exists":
      return !found.isAbsent;
    case "DoesNotExist":
      return found.isAbsent;
    case undefined:
    default:
      return true;
  }
}

function isEmpty(field: Field): boolean {
  return field.items.length === 0 && field.entries.length === 0;
}
