/** Whether one of several patterns fits a text; `*` stands for any characters, all else for itself. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, text));
}

/**
 * Whether a pattern fits a whole text; `*` stands for any characters. The parts between the stars are looked for one
 * after another, so that no pattern is slow.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const inner = text.slice(first.length, text.length - last.length);
  let from = 0;
  for (const part of parts.slice(1, -1)) {
    const found = inner.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}
