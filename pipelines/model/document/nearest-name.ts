import { distinct, oneOf } from "../values/text";

/** Number of single-character edits (insert, delete, replace) that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * The candidate that the author most likely meant, or undefined when none is near: at most a third of the
 * letters may differ, letter case aside.
 */
export function nearestName(text: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of distinct(candidates)) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    const limit = Math.max(1, Math.floor(Math.max(text.length, candidate.length) / 3));
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `; did you mean "x"?` when a candidate is near, else nothing. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const candidate = nearestName(text, candidates);
  return candidate === undefined ? "" : `; did you mean ${JSON.stringify(candidate)}?`;
}

/** The known names, and the one that was meant if it is near: what follows "expected". */
export function knownNames(text: string, known: readonly string[]): string {
  return `${oneOf(known)}${known.length > 1 ? didYouMean(text, known) : ""}`;
}
