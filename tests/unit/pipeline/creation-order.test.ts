import assert from "node:assert/strict";
import fc from "fast-check";
import { creationOrder } from "../../../components/pipeline/creation-order";

type Pipe = readonly [writer: string, reader: string];

/** Names in order, each with what it waits for. */
function orderOf(names: readonly string[], pipes: readonly Pipe[]): [string, readonly string[]][] {
  const end = (component: string): { component: string; port: string } => ({ component, port: "any" });
  const topics = pipes.map(([writer, reader]) => ({ producedBy: end(writer), consumedBy: [end(reader)] }));
  return creationOrder(
    names.map((name) => ({ name })),
    topics,
  ).map(({ component, after }) => [component.name, after]);
}

const names = ["a", "b", "c", "d", "e", "f"];
const pipesArbitrary = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)));

describe("the order of creation", () => {
  it("puts the readers of a topic before its writer", () => {
    assert.deepEqual(
      orderOf(
        ["endpoint", "hook", "left", "right"],
        [
          ["endpoint", "left"],
          ["endpoint", "right"],
          ["left", "hook"],
          ["right", "hook"],
        ],
      ),
      [
        ["hook", []],
        ["left", ["hook"]],
        ["right", ["hook"]],
        ["endpoint", ["left", "right"]],
      ],
    );
  });

  it("waits for nobody whom another already waits for", () => {
    assert.deepEqual(
      orderOf(
        ["a", "b", "c"],
        [
          ["a", "b"],
          ["b", "c"],
          ["a", "c"],
        ],
      ),
      [
        ["c", []],
        ["b", ["c"]],
        ["a", ["b"]],
      ],
    );
  });

  it("does not wait in circles: a cycle waits for what it feeds, and who feeds it waits for all of it", () => {
    assert.deepEqual(
      orderOf(
        ["back", "forth", "in", "out"],
        [
          ["in", "back"],
          ["back", "forth"],
          ["forth", "back"],
          ["forth", "out"],
        ],
      ),
      [
        ["out", []],
        ["back", ["out"]],
        ["forth", ["out"]],
        ["in", ["back", "forth"]],
      ],
    );
  });

  it("has every component once, after all that it waits for, whatever the pipes", () => {
    fc.assert(
      fc.property(pipesArbitrary, (pipes) => {
        const order = orderOf(names, pipes);
        const position = new Map(order.map(([name], index) => [name, index]));
        assert.deepEqual([...position.keys()].sort(), names);
        order.forEach(([name, after], index) => {
          for (const earlier of after) assert.ok((position.get(earlier) ?? index) < index, `${name} waits`);
        });
      }),
    );
  });

  it("makes every writer wait for every reader that doesn't feed it in turn", () => {
    fc.assert(
      fc.property(pipesArbitrary, (pipes) => {
        const waits = new Map<string, Set<string>>();
        for (const [name, after] of orderOf(names, pipes)) {
          waits.set(name, new Set(after.flatMap((earlier) => [earlier, ...(waits.get(earlier) ?? [])])));
        }
        for (const [writer, reader] of pipes) {
          const expected = !leadsTo(reader, writer, pipes);
          assert.equal(waits.get(writer)?.has(reader), expected, `${writer} to ${reader}`);
        }
      }),
    );
  });

  it("is the same whatever the order of components and pipes", () => {
    fc.assert(
      fc.property(pipesArbitrary, (pipes) => {
        assert.deepEqual(orderOf(names.toReversed(), pipes.toReversed()), orderOf(names, pipes));
      }),
    );
  });
});

/** Whether messages get from one component to another, or both are the same. */
function leadsTo(from: string, to: string, pipes: readonly Pipe[]): boolean {
  const seen = new Set([from]);
  for (const name of seen) {
    for (const [writer, reader] of pipes) if (writer === name) seen.add(reader);
  }
  return seen.has(to);
}
