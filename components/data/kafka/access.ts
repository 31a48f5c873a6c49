/** Who may do what to Kafka. */
export interface KafkaAccess {
  /** The only consumer group that it may be in; undefined when it reads nothing. */
  readonly consumerGroup?: string | undefined;
  /** The group by which the workers of its Kafka Connect cluster find each other; undefined when it is none. */
  readonly workerGroup?: string | undefined;
  /** What its transactional ids begin with, such as `owner.name.component.`; undefined when it has none. */
  readonly transactionalIdPrefix?: string | undefined;
  /** Topics that it may read. */
  readonly reads: readonly string[];
  /** Topics that it may write. */
  readonly writes: readonly string[];
}

/** One thing that a user is allowed. */
export interface AllowedOperation {
  readonly resourceType: "Topic" | "Group" | "TransactionalID";
  readonly resourceName: string;
  /** Whether it is the exact name, or what names begin with. */
  readonly pattern: "Literal" | "Prefixed";
  readonly operation: "Read" | "Write";
}

/**
 * The least that a consumer and a producer need. Describe is not among it, since Kafka grants it to whoever may read
 * or write, and neither is IdempotentWrite, which the right to write a topic has implied since Kafka 2.8. Each instance
 * of a program has a transactional id of its own, and nobody knows the names of instances before they are there: hence
 * the one prefix.
 *
 * @returns sorted by type, name and operation
 */
export function allowedOperations({
  consumerGroup,
  workerGroup,
  transactionalIdPrefix,
  reads,
  writes,
}: KafkaAccess): readonly AllowedOperation[] {
  const groups = [consumerGroup, workerGroup].filter((group) => group !== undefined).sort();
  return [
    ...groups.map((name) => allow("Group", name, "Read")),
    ...[...new Set([...reads, ...writes])]
      .sort()
      .flatMap((name) => [
        ...(reads.includes(name) ? [allow("Topic", name, "Read")] : []),
        ...(writes.includes(name) ? [allow("Topic", name, "Write")] : []),
      ]),
    ...(transactionalIdPrefix === undefined
      ? []
      : [allow("TransactionalID", transactionalIdPrefix, "Write", "Prefixed")]),
  ];
}

function allow(
  resourceType: AllowedOperation["resourceType"],
  resourceName: string,
  operation: AllowedOperation["operation"],
  pattern: AllowedOperation["pattern"] = "Literal",
): AllowedOperation {
  return { resourceType, resourceName, pattern, operation };
}
