import assert from "node:assert/strict";
import fc from "fast-check";
import { AnswerQueue } from "../grpc/answer-queue";

const limits = { messages: 4, bytes: 100 };

/** A promise that is settled from outside. */
function deferred(): {
  promise: Promise<string>;
  resolve: (text: string) => void;
  reject: (error: Error) => void;
} {
  let resolve: (text: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

describe("Messages of a call that wait for their answers", () => {
  let answers: string[];
  let queue: AnswerQueue<string>;

  beforeEach(() => {
    answers = [];
    queue = new AnswerQueue(limits, (answer) => {
      answers.push(answer);
      return Promise.resolve();
    });
  });

  /** Whether there is room at once. */
  async function hasRoom(traceId: string, size: number): Promise<boolean> {
    const later = new Promise((resolve) =>
      setImmediate(() => {
        resolve(false);
      }),
    );
    return (await Promise.race([queue.room(traceId, size).then(() => true), later])) === true;
  }

  it("are answered in turn, in whatever order they get safe, and all of them", async () => {
    const order = fc
      .integer({ min: 1, max: 20 })
      .chain((count) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count }));
    await fc.assert(
      fc.asyncProperty(order, async (places) => {
        answers.length = 0;
        const taken = places.map(() => deferred());
        taken.forEach(({ promise }, index) => {
          queue.add(`trace ${index}`, 1, promise);
        });
        for (const place of places) taken[place]?.resolve(String(place));
        await queue.empty();
        assert.deepEqual(
          answers,
          places.map((_, index) => String(index)),
        );
        assert.ok(await hasRoom("another", limits.bytes));
      }),
    );
  });

  it("are so many at most", async () => {
    const taken = Array.from({ length: limits.messages }, () => deferred());
    for (const [index, { promise }] of taken.entries()) {
      assert.ok(await hasRoom("another", 1));
      queue.add(`trace ${index}`, 1, promise);
    }
    assert.ok(!(await hasRoom("another", 1)));
    taken[0]?.resolve("first");
    await queue.room("another", 1);
    assert.deepEqual(answers, ["first"]);
  });

  it("have so many bytes at most, but for one that is larger", async () => {
    assert.ok(await hasRoom("large", limits.bytes * 2));
    queue.add("large", limits.bytes * 2, deferred().promise);
    assert.ok(!(await hasRoom("small", 1)));
  });

  it("follow each other when they are of one trace", async () => {
    const first = deferred();
    queue.add("same", 1, first.promise);
    assert.ok(await hasRoom("another", 1));
    assert.ok(!(await hasRoom("same", 1)));
    first.resolve("first");
    await queue.room("same", 1);
    assert.deepEqual(answers, ["first"]);
  });

  it("are not answered behind one that fails, and those before it are", async () => {
    const [first, second, third] = [deferred(), deferred(), deferred()];
    for (const [index, { promise }] of [first, second, third].entries())
      queue.add(`trace ${index}`, 1, promise);
    third.resolve("third");
    second.reject(new Error("refused"));
    assert.ok(!queue.hasFailed);
    first.resolve("first");
    await assert.rejects(queue.failed, /refused/);
    await queue.empty();
    assert.deepEqual(answers, ["first"]);
    assert.ok(queue.hasFailed);
    assert.ok(await hasRoom("another", 1));
  });
});
