/** A condition on a label. */
export interface LabelCondition {
  readonly label: string;
  /** Values that it admits. */
  readonly values: readonly string[];
}

/** Names of the metrics that an expression of ours asks for, each once. */
export function metricsIn(expression: string): readonly string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, "")
    .replace(/\{[^}]*\}/g, "")
    .replace(/\[[^\]]*\]/g, "")
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, "");
  const words = [...bare.matchAll(/(?<![\w.])([a-zA-Z_:][\w:]*)(\s*\()?/g)];
  const names = words.flatMap(([, word = "", call]) =>
    call !== undefined || ["and", "or", "unless", "offset"].includes(word) ? [] : [word],
  );
  return [...new Set(names)];
}

/** The conditions on labels in an expression of ours. */
export function conditionsIn(expression: string): readonly LabelCondition[] {
  return [...expression.matchAll(/(\w+)=(~?)("(?:[^"\\]|\\.)*")/g)].map(
    ([, label = "", isPattern, quoted = '""']) => {
      const value = String(JSON.parse(quoted));
      return { label, values: isPattern === "~" ? value.replaceAll("[.]", ".").split("|") : [value] };
    },
  );
}
