import { describeGroupsV5, type Connection, type joinGroupV9 } from "@platformatic/kafka";
import { decodeAssignment, decodeSubscription, encodeAssignment } from "./group-protocol";
import type { KafkaCluster } from "./kafka-cluster";
import { assignPartitions } from "./partition-assignment";

/** What Kafka says to a member that has joined. */
export type JoinGroupResponse = Awaited<ReturnType<(typeof joinGroupV9)["api"]["async"]>>;

/** What is sent to Kafka for each member. */
export interface EncodedShare {
  readonly memberId: string;
  readonly assignment: Buffer;
}

/** What the leader of a group does beside its work: it shares partitions out, and notices when topics get more. */
export class GroupLeader {
  /** Partitions by topic that are shared out; undefined: the leader is another. */
  private shared: ReadonlyMap<string, number> | undefined;

  constructor(private readonly cluster: KafkaCluster) {}

  /**
   * Shares partitions out.
   *
   * @returns nothing when another leads, or when shares stay as they are: a leader that restarts with the same name does
   * not share anew
   */
  async share(joined: JoinGroupResponse, groupId: string, connection: Connection): Promise<EncodedShare[]> {
    this.shared = undefined;
    if (joined.leader !== joined.memberId) return [];
    const subscribers = joined.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      instanceId: groupInstanceId,
      topics: metadata === null ? [] : decodeSubscription(metadata),
    }));
    const topics = [...new Set(subscribers.flatMap((subscriber) => subscriber.topics))];
    if (joined.skipAssignment) {
      this.shared = await this.sharedBefore(groupId, topics, connection);
      return [];
    }
    this.shared = await this.partitionsOf(topics);
    return [...assignPartitions(subscribers, this.shared)].map(([memberId, share]) => ({
      memberId,
      assignment: encodeAssignment(share),
    }));
  }

  /** Whether topics have other partitions than are shared out: then the leader joins anew, and shares again. */
  async mustShareAgain(): Promise<boolean> {
    const { shared } = this;
    if (shared === undefined) return false;
    const now = await this.partitionsOf([...shared.keys()]);
    return [...now].some(([topic, count]) => count !== shared.get(topic));
  }

  private async partitionsOf(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const metadata = await this.cluster.metadata(topics, true);
    return new Map([...metadata.topics].map(([topic, { partitionsCount }]) => [topic, partitionsCount]));
  }

  /** What the leader has shared out before it restarted: while it was away, topics may have got partitions. */
  private async sharedBefore(
    groupId: string,
    topics: readonly string[],
    connection: Connection,
  ): Promise<ReadonlyMap<string, number>> {
    const { groups } = await describeGroupsV5.api.async(connection, [groupId], false);
    const shares = groups.flatMap(({ members }) =>
      members.map(({ memberAssignment }) => decodeAssignment(memberAssignment)),
    );
    const countOf = (topic: string): number =>
      shares.reduce((sum, share) => sum + (share.get(topic)?.length ?? 0), 0);
    return new Map(topics.map((topic) => [topic, countOf(topic)]));
  }
}
