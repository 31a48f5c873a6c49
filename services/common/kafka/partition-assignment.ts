/** Who shares partitions. */
export interface GroupSubscriber {
  readonly memberId: string;
  /** Name that a member keeps when it restarts. */
  readonly instanceId?: string | null | undefined;
  readonly topics: readonly string[];
}

/** Partitions of topics. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

/**
 * Shares partitions out: each to the member with the fewest among those that read its topic. Members are taken in the
 * order of their lasting names, so that a restart changes nothing.
 *
 * @param partitions - number of partitions by topic
 * @returns by `memberId`; every member is in it
 */
export function assignPartitions(
  members: readonly GroupSubscriber[],
  partitions: ReadonlyMap<string, number>,
): ReadonlyMap<string, Assignment> {
  const nameOf = ({ instanceId, memberId }: GroupSubscriber): string => instanceId ?? memberId;
  const inOrder = members.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const shares = inOrder.map((member) => ({ member, count: 0, topics: new Map<string, number[]>() }));
  for (const topic of [...partitions.keys()].sort()) {
    const readers = shares.filter(({ member }) => member.topics.includes(topic));
    for (let partition = 0; partition < (partitions.get(topic) ?? 0); partition += 1) {
      const fewest = Math.min(...readers.map(({ count }) => count));
      const reader = readers.find(({ count }) => count === fewest);
      if (reader === undefined) continue;
      reader.count += 1;
      reader.topics.set(topic, [...(reader.topics.get(topic) ?? []), partition]);
    }
  }
  return new Map(shares.map(({ member, topics }) => [member.memberId, topics]));
}
