import {
  Base,
  ConnectionPool,
  findCoordinatorV4,
  FindCoordinatorKeyTypes,
  type ClusterMetadata,
  type Connection,
} from "@platformatic/kafka";
import type { KafkaConnectionOptions } from "./kafka-connection";

/** What a coordinator coordinates. */
export type CoordinatorKind = "group" | "transaction";

const keyTypes = {
  group: FindCoordinatorKeyTypes.GROUP,
  transaction: FindCoordinatorKeyTypes.TRANSACTION,
} as const;

/**
 * Connections to the brokers of one cluster, and what is where. The library's own consumer and producer are not used
 * where messages may neither be lost nor doubled; docs/kafka-client.md says why.
 */
export class KafkaCluster {
  private readonly base: Base;
  private readonly coordinators = new Map<string, number>();
  private readonly pools = new Set<ConnectionPool>();

  constructor(private readonly options: KafkaConnectionOptions) {
    this.base = new Base({ ...options, retries: 3, retryDelay: 300, metadataMaxAge: 30_000 });
    outliveErrors(this.base.connections);
  }

  /**
   * Brokers and partitions.
   *
   * @param topics - whose partitions are asked for
   * @param forceUpdate - whether what is known is out of date
   */
  async metadata(topics: readonly string[], forceUpdate = false): Promise<ClusterMetadata> {
    return await this.base.metadata({ topics: [...topics], forceUpdate });
  }

  /** A connection to a broker; a pool of one's own keeps long requests out of the way of short ones. */
  async connection(node: number, pool?: ConnectionPool): Promise<Connection> {
    const known = (await this.metadata([])).brokers.get(node);
    const broker = known ?? (await this.metadata([], true)).brokers.get(node);
    if (broker === undefined) throw new Error(`broker ${node} is not there`);
    return await (pool ?? this.base.connections).get(broker);
  }

  /** A connection to the broker that coordinates a consumer group or a transactional id. */
  async coordinator(kind: CoordinatorKind, id: string, pool?: ConnectionPool): Promise<Connection> {
    const key = `${kind} ${id}`;
    const node = this.coordinators.get(key) ?? (await this.findCoordinator(kind, id));
    this.coordinators.set(key, node);
    try {
      return await this.connection(node, pool);
    } catch (error) {
      this.coordinators.delete(key);
      throw error;
    }
  }

  /** The coordinator has moved, or may have. */
  forgetCoordinator(kind: CoordinatorKind, id: string): void {
    this.coordinators.delete(`${kind} ${id}`);
  }

  /** Connections of one's own. */
  pool(requestTimeout = this.options.requestTimeout): ConnectionPool {
    const pool = new ConnectionPool(this.options.clientId, { ...this.options, requestTimeout });
    outliveErrors(pool);
    this.pools.add(pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.base.close(), ...[...this.pools].map((pool) => pool.close())]);
  }

  private async findCoordinator(kind: CoordinatorKind, id: string): Promise<number> {
    const { brokers } = await this.metadata([]);
    const errors: unknown[] = [];
    for (const node of brokers.keys()) {
      try {
        const connection = await this.connection(node);
        const { coordinators } = await findCoordinatorV4.api.async(connection, keyTypes[kind], [id]);
        const found = coordinators.find(({ key }) => key === id);
        if (found !== undefined) return found.nodeId;
      } catch (error) {
        errors.push(error);
      }
    }
    await this.metadata([], true);
    throw new AggregateError(errors, `no broker says who coordinates the ${kind} ${id}`);
  }
}

/** A connection may say twice that it failed, and the second time nobody listens, which would end the process. */
function outliveErrors(pool: ConnectionPool): void {
  pool.on("connecting", ({ connection }) => {
    connection.on("error", () => undefined);
  });
}
