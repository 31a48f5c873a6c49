import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger, type CommitBatch, type FetchedMessage, type OutgoingMessage } from "@algorun/common";
import { CommitLoop } from "../kafka/commit-loop";
import { partitionName, PartitionWork } from "../kafka/partition-work";

const membership = { groupId: "g", memberId: "m", generation: 1, instanceId: null };
const limits = { concurrency: 1, maxUncommitted: 200, maxBytes: 1_000_000 };
const bytesOf = (messages: readonly OutgoingMessage[]): number =>
  messages.reduce((sum, { value }) => sum + value.length, 0);

function fetched(partition: number, offset: number, value: string): FetchedMessage {
  return {
    topic: "t",
    partition,
    offset: BigInt(offset),
    timestamp: 0n,
    key: null,
    value: Buffer.from(value),
    headers: [],
  };
}

function tooLarge(): Error {
  return Object.assign(new Error("too large"), { apiId: "MESSAGE_TOO_LARGE" });
}

/** Partitions whose messages are done as they came, and a topic that takes what a test says. */
class Work {
  readonly partitions = new Map<string, PartitionWork>();
  readonly logged: string[] = [];
  readonly committed: string[] = [];
  readonly batches: CommitBatch[] = [];
  private readonly positions = new Map<number, bigint>();
  readonly loop: CommitLoop;

  constructor(
    commit: (batch: CommitBatch) => void | Promise<void>,
    refused: (written: readonly OutgoingMessage[]) => readonly OutgoingMessage[] | undefined = () =>
      undefined,
  ) {
    const logger = createLogger({ deployment: "", pipeline: "", component: "test", instance: "" });
    logger.level = "silent";
    logger.error = (_told: unknown, text?: string) => {
      this.logged.push(text ?? "");
    };
    this.loop = new CommitLoop(
      {
        partitions: this.partitions,
        membership: () => membership,
        isRebalancing: () => false,
        positions: () =>
          Promise.resolve(
            [...this.positions].map(([partition, offset]) => ({ topic: "t", partition, offset })),
          ),
        forget: (partition, offset) => {
          partition.committed(offset);
          this.finish(partition);
        },
      },
      {
        work: () => Promise.resolve([]),
        commit: async (batch) => {
          await commit(batch);
          this.batches.push(batch);
          this.committed.push(...batch.messages.map(({ value }) => value.toString()));
          for (const { partition, offset } of batch.offsets) this.positions.set(partition, offset);
        },
        settle: () => Promise.resolve(),
        refused: (_message, written) => refused(written),
      },
      logger,
      { bytes: 1_000 },
    );
  }

  add(partition: number, ...values: readonly string[]): void {
    const work = new PartitionWork("t", partition, 0n, limits, () => undefined);
    const messages = values.map((value, offset) => fetched(partition, offset, value));
    work.accept({ messages, next: BigInt(values.length) });
    this.partitions.set(partitionName("t", partition), work);
    this.positions.set(partition, 0n);
    this.finish(work);
  }

  private finish(partition: PartitionWork): void {
    for (let item = partition.begin(); item !== undefined; item = partition.begin()) {
      const { value } = item.message;
      partition.end(item, [{ topic: "out", key: null, value: value ?? Buffer.alloc(0), headers: new Map() }]);
    }
  }

  /** Commits until nothing more can be committed. */
  async drain(): Promise<readonly string[]> {
    const running = this.loop.run();
    await this.loop.end();
    await running;
    return this.committed;
  }
}

describe("Commits of what is done", () => {
  it("find a message that is refused, put something else in its place, and keep the order of its partition", async () => {
    const work = new Work(
      ({ messages }) => {
        if (messages.some(({ value }) => value.length > 100)) throw tooLarge();
      },
      (written) => written.map((message) => ({ ...message, value: message.value.subarray(0, -100) })),
    );
    work.add(0, "a", "b".repeat(250), "c");
    work.add(1, "x", "y", "z");
    const committed = await work.drain();
    assert.deepEqual(
      committed.filter((value) => "abc".includes(value.charAt(0))),
      ["a", "b".repeat(50), "c"],
    );
    assert.deepEqual(committed.toSorted(), ["a", "b".repeat(50), "c", "x", "y", "z"]);
  });

  it("leave a partition alone whose message nothing can stand in for, say so, and go on with the others", async () => {
    const work = new Work(({ messages }) => {
      if (messages.some(({ value }) => value.toString() === "poison")) throw tooLarge();
    });
    work.add(0, "a", "poison", "b");
    work.add(1, "x", "y", "z");
    assert.deepEqual((await work.drain()).toSorted(), ["a", "x", "y", "z"]);
    assert.equal(work.logged.length, 1);
    assert.match(work.logged[0] ?? "", /its partition waits/);
  });

  it("are bounded in bytes, but for what came of a single message", async () => {
    const work = new Work(() => undefined);
    work.add(0, ...Array.from({ length: 50 }, () => "m".repeat(300)));
    work.add(1, "l".repeat(5_000), "after it");
    assert.equal((await work.drain()).length, 52);
    for (const { messages } of work.batches)
      assert.ok(bytesOf(messages) <= 1_000 || messages.length === 1, `${bytesOf(messages)} bytes`);
  });

  it("take with them what is done within a pause as long as the one before", async () => {
    const work = new Work(async () => {
      await sleep(100);
    });
    work.add(0, "first");
    const running = work.loop.run();
    while (work.committed.length === 0) await sleep(1);
    work.add(1, "second");
    work.loop.wake();
    await sleep(20);
    work.add(2, "third");
    await work.loop.end();
    await running;
    assert.deepEqual(
      work.batches.map(({ messages }) => messages.map(({ value }) => value.toString())),
      [["first"], ["second", "third"]],
    );
  });

  it("are large again after a failure that has passed", async () => {
    let failures = 10;
    const work = new Work(() => {
      if (--failures >= 0) throw new Error("the broker is away");
    });
    work.add(0, ...Array.from({ length: 150 }, (_, index) => String(index)));
    const committed = await work.drain();
    assert.equal(committed.length, 150);
    assert.ok(work.batches.length < 100, "not one by one");
  });
});

describe("Work on a partition", () => {
  it("wants no more messages while many wait, and wants more before none do", () => {
    const partition = new PartitionWork("t", 0, 0n, limits, () => undefined);
    const messages = Array.from({ length: 100 }, (_, offset) => fetched(0, offset, "m"));
    partition.accept({ messages, next: 100n });
    assert.equal(partition.wants(), false);
    let begun = 0;
    for (; !partition.wants(); begun += 1) {
      const item = partition.begin();
      assert.ok(item !== undefined, "there is another");
      partition.end(item, []);
    }
    assert.ok(begun > 0 && begun < 90, `${begun} of 100 begun`);
  });

  it("begins no message while what came of others, and is not committed, is large", () => {
    const partition = new PartitionWork("t", 0, 0n, { ...limits, maxBytes: 10_000 }, () => undefined);
    const messages = Array.from({ length: 50 }, (_, offset) => fetched(0, offset, "small"));
    partition.accept({ messages, next: 50n });
    let begun = 0;
    for (let item = partition.begin(); item !== undefined; item = partition.begin()) {
      begun += 1;
      const large = { topic: "out", key: null, value: Buffer.alloc(4_000), headers: new Map() };
      partition.end(item, [large]);
    }
    assert.equal(begun, 3);
    partition.committed(3n);
    assert.ok(partition.begin() !== undefined, "there is room again");
  });
});
