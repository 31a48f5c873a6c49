/** What Kafka answered with, by the names of its protocol, such as `NOT_LEADER_OR_FOLLOWER`; with those of causes. */
function kafkaErrors(error: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(error, found);
  return found;
}

function collect(error: unknown, found: Set<string>): void {
  if (!(error instanceof Error)) return;
  if ("apiId" in error && typeof error.apiId === "string") found.add(error.apiId);
  if (error instanceof AggregateError) for (const inner of error.errors) collect(inner, found);
  collect(error.cause, found);
}

/** Whether one of some answers is in an error. */
export function hasKafkaError(error: unknown, ...ids: readonly string[]): boolean {
  const found = kafkaErrors(error);
  return ids.some((id) => found.has(id));
}

/** Everything that an error and what is in it say, in one line. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.map(errorText) : [];
  const cause = error.cause === undefined ? [] : [errorText(error.cause)];
  return [error.message, ...inner, ...cause].join(": ");
}

/** The coordinator of a group or a transaction is elsewhere, or not there yet. */
export const coordinatorMoved = [
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
] as const;

/** A partition's leader is elsewhere, or not there yet. */
export const leaderMoved = [
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "INCONSISTENT_TOPIC_ID",
  "REPLICA_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
] as const;

/** Kafka refuses for good: rights are missing, or the login is wrong. */
export function isRefusal(error: unknown): boolean {
  return hasKafkaError(
    error,
    "TOPIC_AUTHORIZATION_FAILED",
    "GROUP_AUTHORIZATION_FAILED",
    "TRANSACTIONAL_ID_AUTHORIZATION_FAILED",
    "CLUSTER_AUTHORIZATION_FAILED",
    "SASL_AUTHENTICATION_FAILED",
  );
}
