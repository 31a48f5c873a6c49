/** The names that the Kafka protocol has for what went wrong, of an error and all that caused it. */
export function kafkaErrorCodes(error: unknown): ReadonlySet<string> {
  const codes = new Set<string>();
  collect(error, codes, 0);
  return codes;
}

/** Errors may name each other as causes. */
const deepest = 10;

function collect(error: unknown, codes: Set<string>, depth: number): void {
  if (!(error instanceof Error) || depth > deepest) return;
  if ("apiId" in error && typeof error.apiId === "string") codes.add(error.apiId);
  const causes: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const cause of [...causes, error.cause]) collect(cause, codes, depth + 1);
}
