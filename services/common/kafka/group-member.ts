import { setTimeout as sleep } from "node:timers/promises";
import {
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  syncGroupV5,
  type ConnectionPool,
} from "@platformatic/kafka";
import type { Logger } from "../monitoring/logger";
import { GroupLeader } from "./group-leader";
import { decodeAssignment, encodeSubscription } from "./group-protocol";
import type { KafkaCluster } from "./kafka-cluster";
import { coordinatorMoved, errorText, hasKafkaError, isRefusal } from "./kafka-errors";
import type { Assignment } from "./partition-assignment";

/** Who a consumer is in its group at the moment: what Kafka checks before it takes a position from it. */
export interface Membership {
  readonly groupId: string;
  readonly memberId: string;
  readonly generation: number;
  readonly instanceId: string | null;
}

/** What happens to a member. */
export interface GroupListener {
  /** Others come or go: positions that are not committed by now wait for the next assignment. */
  rebalancing(): void;
  /**
   * The member has these partitions, and no others.
   *
   * @param isContinuous - whether nobody else can have had, meanwhile, what it had before and still has
   */
  assigned(assignment: Assignment, membership: Membership, isContinuous: boolean): void;
  /** The group goes on without the member: what it had, others may have. */
  lost(reason: string): void;
}

/** How a consumer is in its group. */
export interface GroupMemberOptions {
  readonly groupId: string;
  /** Name that the member keeps when it restarts: it then gets its partitions back, and the group goes on undisturbed. */
  readonly instanceId: string | null;
  readonly topics: readonly string[];
  /** After so long without a sign of life, others take a member's partitions. @default 20 s */
  readonly sessionTimeoutMs?: number;
  /** How long a rebalance waits for a member. @default 30 s */
  readonly rebalanceTimeoutMs?: number;
  /** @default 3 s */
  readonly heartbeatMs?: number;
}

const protocol = { type: "consumer", name: "roundrobin" } as const;
/** How often the leader of a group looks whether topics have got partitions. */
const partitionCheckMs = 30_000;

/**
 * A member of a consumer group, by the classic protocol. It joins again after whatever may happen, but when Kafka
 * refuses it for good.
 */
export class GroupMember {
  private readonly pool: ConnectionPool;
  private readonly stopped = new AbortController();
  private readonly options: Required<GroupMemberOptions>;
  private memberId = "";
  private membership: Membership | undefined;
  private readonly leader: GroupLeader;

  constructor(
    private readonly cluster: KafkaCluster,
    options: GroupMemberOptions,
    private readonly listener: GroupListener,
    private readonly logger: Logger,
  ) {
    this.options = { sessionTimeoutMs: 20_000, rebalanceTimeoutMs: 30_000, heartbeatMs: 3_000, ...options };
    this.leader = new GroupLeader(cluster);
    this.pool = cluster.pool(this.options.sessionTimeoutMs + this.options.rebalanceTimeoutMs + 10_000);
  }

  /**
   * Is a member until it leaves.
   *
   * @throws what Kafka refuses it with
   */
  async run(): Promise<void> {
    let failures = 0;
    while (!this.hasLeft()) {
      try {
        await this.join();
        failures = 0;
        await this.beat();
      } catch (error) {
        if (this.hasLeft()) return;
        if (isRefusal(error) || hasKafkaError(error, "FENCED_INSTANCE_ID")) throw error;
        this.afterFailure(error);
        failures += 1;
        this.logger.warn({ reason: errorText(error) }, "not in the consumer group; joining again");
        await this.pause(Math.min(100 * 2 ** failures, 3_000));
      }
    }
  }

  /** Leaves at once, so that others need not wait until it is taken for dead. */
  async leave(): Promise<void> {
    this.stopped.abort();
    const { groupId, instanceId } = this.options;
    if (this.memberId === "") return;
    try {
      const connection = await this.cluster.coordinator("group", groupId);
      await leaveGroupV5.api.async(connection, groupId, [
        { memberId: this.memberId, groupInstanceId: instanceId, reason: "the program ends" },
      ]);
    } catch (error) {
      this.logger.warn({ reason: errorText(error) }, "left the consumer group without a word");
    }
  }

  private async join(): Promise<void> {
    const { groupId, instanceId, topics, sessionTimeoutMs, rebalanceTimeoutMs } = this.options;
    const connection = await this.cluster.coordinator("group", groupId, this.pool);
    const joined = await joinGroupV9.api.async(
      connection,
      groupId,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      this.memberId,
      instanceId,
      protocol.type,
      [{ name: protocol.name, metadata: encodeSubscription(topics) }],
    );
    const before = this.membership;
    this.memberId = joined.memberId ?? "";
    const assignments = await this.leader.share(joined, groupId, connection);
    const synced = await syncGroupV5.api.async(
      connection,
      groupId,
      joined.generationId,
      this.memberId,
      instanceId,
      protocol.type,
      joined.protocolName,
      assignments,
    );
    if (this.hasLeft()) return;
    const membership = { groupId, memberId: this.memberId, generation: joined.generationId, instanceId };
    const isContinuous =
      before?.memberId === membership.memberId && membership.generation - before.generation <= 1;
    this.membership = membership;
    const assignment = decodeAssignment(synced.assignment);
    this.logger.info(
      { generation: membership.generation, partitions: Object.fromEntries(assignment) },
      "partitions assigned",
    );
    this.listener.assigned(assignment, membership, isContinuous);
  }

  /** Gives signs of life until the group rebalances. */
  private async beat(): Promise<void> {
    const { groupId, instanceId, heartbeatMs, sessionTimeoutMs } = this.options;
    let alive = Date.now();
    let checked = Date.now();
    while (!this.hasLeft()) {
      await this.pause(heartbeatMs);
      if (this.membership === undefined || this.hasLeft()) return;
      const { generation, memberId } = this.membership;
      try {
        const connection = await this.cluster.coordinator("group", groupId);
        await heartbeatV4.api.async(connection, groupId, generation, memberId, instanceId);
        alive = Date.now();
        if (Date.now() - checked > partitionCheckMs) {
          checked = Date.now();
          if (await this.leader.mustShareAgain()) return;
        }
      } catch (error) {
        if (hasKafkaError(error, "REBALANCE_IN_PROGRESS")) {
          this.listener.rebalancing();
          return;
        }
        const isGone = hasKafkaError(error, "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "FENCED_INSTANCE_ID");
        if (isGone || isRefusal(error) || Date.now() - alive > sessionTimeoutMs) throw error;
        this.cluster.forgetCoordinator("group", groupId);
      }
    }
  }

  private afterFailure(error: unknown): void {
    const { groupId } = this.options;
    if (error instanceof Error && hasKafkaError(error, "MEMBER_ID_REQUIRED")) {
      this.memberId = memberIdOf(error) ?? "";
      return;
    }
    if (hasKafkaError(error, "REBALANCE_IN_PROGRESS")) return;
    this.cluster.forgetCoordinator("group", groupId);
    if (hasKafkaError(error, ...coordinatorMoved)) return;
    if (this.membership !== undefined) this.listener.lost(errorText(error));
    this.membership = undefined;
    if (hasKafkaError(error, "UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION")) this.memberId = "";
  }

  private hasLeft(): boolean {
    return this.stopped.signal.aborted;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }
}

/** The name that Kafka gives to who joins without one, with the answer that it needs one. */
function memberIdOf(error: Error): string | undefined {
  const response: unknown = "response" in error ? error.response : undefined;
  if (typeof response !== "object" || response === null || !("memberId" in response)) return undefined;
  return typeof response.memberId === "string" ? response.memberId : undefined;
}
