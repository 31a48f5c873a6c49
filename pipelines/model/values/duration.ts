const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration such as `500ms`, `1.5h` or `1m30s`, rounded. */
export function durationMs(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return Math.round(
    parts.reduce((sum, [, digits, unit = "ms"]) => sum + Number(digits) * (unitMs[unit] ?? 0), 0),
  );
}

/** A duration as documents write it: `1h30m`, `45s`, `250ms`. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds;
  const parts = (["h", "m", "s", "ms"] as const).flatMap((unit) => {
    const size = unitMs[unit] ?? 1;
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    return whole === 0 ? [] : [`${whole}${unit}`];
  });
  return parts.length === 0 ? "0s" : parts.join("");
}
