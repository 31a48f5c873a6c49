import assert from "node:assert/strict";
import { TransactionalProducer } from "@algorun/common";
import {
  Connection,
  ConnectionPool,
  produceV9,
  ResponseError,
  type Callback,
  type ClusterMetadata,
} from "@platformatic/kafka";

const notLeader = 6;
const topics = ["a", "b"];
const membership = { groupId: "g", memberId: "m", generation: 1, instanceId: null };

/** Brokers of which each takes messages only while it leads; what leads is known by name alone, as in Kafka. */
class TestBrokers {
  leader = 1;
  readonly taken: number[] = [];
  private known: number | undefined;

  metadata(asked: readonly string[], forceUpdate = false): Promise<ClusterMetadata> {
    if (asked.length > 0 && (forceUpdate || this.known === undefined)) this.known = this.leader;
    const partitions = [
      { leader: this.known ?? -1, leaderEpoch: 0, replicas: [1, 2], isr: [1, 2], offlineReplicas: [] },
    ];
    const known = asked.map(
      (topic) => [topic, { id: topic, partitions, partitionsCount: 1, lastUpdate: 0 }] as const,
    );
    return Promise.resolve({
      id: "",
      brokers: new Map(),
      controllerId: 1,
      topics: new Map(known),
      lastUpdate: 0,
    });
  }

  connection(node: number): Promise<Connection> {
    return Promise.resolve(new TestConnection((apiKey) => this.answer(apiKey, node)));
  }

  coordinator(): Promise<Connection> {
    return this.connection(this.leader);
  }

  forgetCoordinator(): void {
    // It is the leader.
  }

  pool(): ConnectionPool {
    return new ConnectionPool("test");
  }

  private answer(apiKey: number, node: number): Error | null {
    if (apiKey !== produceV9.api.key) return null;
    if (node !== this.leader)
      return new ResponseError(apiKey, 9, { "/responses/0/partition_responses/0": [notLeader, null] }, {});
    this.taken.push(node);
    return null;
  }
}

class TestConnection extends Connection {
  constructor(private readonly answer: (apiKey: number) => Error | null) {
    super("test");
  }

  override send<Response>(
    apiKey: number,
    _version: number,
    _createPayload: () => unknown,
    _parse: unknown,
    _request: boolean,
    _response: boolean,
    callback: Callback<Response>,
  ): void {
    const response: unknown = { producerId: 1n, producerEpoch: 0 };
    // Each answer has the shape that its request has; of most nothing is read.
    callback(this.answer(apiKey), response as Response);
  }
}

describe("A transaction", () => {
  it("finds the new leader of a topic that has moved, in the same transaction", async () => {
    const brokers = new TestBrokers();
    const producer = new TransactionalProducer(brokers, {
      transactionalId: "t",
      transactionTimeoutMs: 2_000,
    });
    const messages = topics.map((topic) => ({
      topic,
      key: null,
      value: Buffer.from("v"),
      headers: new Map(),
    }));
    await producer.begin(AbortSignal.timeout(10_000));
    await producer.commit({ messages, offsets: [], membership });
    brokers.leader = 2;
    await producer.commit({ messages, offsets: [], membership });
    assert.deepEqual(brokers.taken, [1, 2]);
  });
});
