/** How many copies a cluster keeps. */
export interface Replication {
  /** Copies of each partition of a topic that does not say otherwise. */
  readonly factor: number;
  /** Copies that must have a message before its producer is told so. */
  readonly minimumInSync: number;
}

/**
 * As many copies as brokers, at most three, and all but one of three must have a message: then any one broker can be
 * down, and no acknowledged message is on one disk only.
 *
 * @param brokers - number of brokers
 */
export function replicationFor(brokers: number): Replication {
  const factor = Math.min(3, brokers);
  return { factor, minimumInSync: factor === 3 ? 2 : 1 };
}
