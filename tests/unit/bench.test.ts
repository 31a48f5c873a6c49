import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { messageText, numberOf } from "../../bench/dataplane/message-text";
import { readOptions } from "../../bench/options";
import { ProcessMeter } from "../../bench/process-meter";
import { withPart } from "../../bench/report/page-part";
import { latencyOf } from "../../bench/report/quantiles";
import { change, writeCopies } from "../../bench/shipped-copies";
import { exportedResources } from "../../bench/stack/exported-resources";
import { partsOf, pipelinesOfPart } from "../../bench/stack/split-stacks";
import { figuresText } from "../../bench/stack/figures-text";
import { stackGoals } from "../../bench/stack/goals";
import type { RunFigures } from "../../bench/stack/measured-run";
import { growthExponent, middleRun, type Phase, type StackFigures } from "../../bench/stack/stack-figures";
import { anyPlatform } from "../../pipelines/commands/any-platform";
import { loadPlans } from "../../pipelines/model/plan-pipelines";
import { selectionProblems } from "../../pipelines/model/selection/deployment-selection";

describe("benchmarks", () => {
  it("take of many times one that half of them, and one that 99 of 100, do not exceed", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (times) => {
        const { p50, p99, max } = latencyOf(times);
        const within = (limit: number): number => times.filter((time) => time <= limit).length / times.length;
        assert.ok(times.includes(p50) && times.includes(p99) && times.includes(max));
        assert.ok(within(p50) >= 0.5 && within(p99) >= 0.99 && within(max) === 1);
        assert.ok(times.filter((time) => time < p50).length < times.length / 2);
      }),
    );
  });

  it("know a message again by the number that it begins with, whatever its size", () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 12, max: 4096 }), (number, bytes) => {
        const text = Buffer.from(messageText(number, bytes));
        assert.equal(text.length, bytes);
        assert.equal(numberOf(text), number);
      }),
    );
  });

  it("replace their part of a page, and nothing else", () => {
    const page =
      "# Title\n\n<!-- written by make x -->\n\nold\n\n<!-- end of what make x has written -->\n\nrest\n";
    assert.equal(withPart(page, "make x", "new"), page.replace("old", "new"));
    assert.throws(() => withPart("# Title\n", "make x", "new"), /written by make x/);
  });

  it("say what is wrong with an option", () => {
    assert.deepEqual(readOptions(["--seconds=3", "--write=no"]), {
      seconds: 3,
      steadySeconds: 60,
      sizes: [1, 10, 30],
      compared: Number.POSITIVE_INFINITY,
      isWritten: false,
      profiles: undefined,
    });
    assert.deepEqual(readOptions(["--sizes=100,1"]).sizes, [1, 100]);
    assert.equal(readOptions(["--compared=30"]).compared, 30);
    assert.throws(() => readOptions(["--compared=no"]), /COMPARED is no, expected a whole number/);
    assert.throws(() => readOptions(["--sizes=1,many"]), /SIZES is 1,many, expected whole numbers/);
    assert.throws(() => readOptions(["--seconds=soon"]), /SECONDS is soon, expected a whole number/);
    assert.throws(() => readOptions(["--write=perhaps"]), /WRITE is perhaps, expected yes or no/);
  });

  it("find the exponent of whatever grows with one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 5 }),
        (exponent, factor, sizes) => {
          const points = sizes.map((size) => [size, factor * size ** exponent] as const);
          assert.ok(Math.abs((growthExponent(points) ?? NaN) - exponent) < 1e-6);
        },
      ),
    );
    assert.equal(growthExponent([[3, 4]]), undefined);
  });

  it("hold the largest stack against the goals, and don't call a goal met that the sizes do not show", () => {
    const verdicts = (...figures: readonly StackFigures[]): readonly string[] =>
      stackGoals(figures).map(({ measured, isMet }) =>
        measured === undefined ? "?" : isMet ? "met" : "missed",
      );
    const small = stackOf(1, 100, 10);
    assert.deepEqual(verdicts(small), ["met", "met", "met", "?", "met", "met"]);
    assert.deepEqual(verdicts(stackOf(10, 1_000, 100), small), ["met", "met", "met", "met", "met", "met"]);
    assert.deepEqual(verdicts(small, stackOf(10, 1_000, 150)).slice(2, 4), ["missed", "missed"]);
    assert.equal(verdicts(small, stackOf(10, 1_000, 100, { program: 700 }))[5], "missed");
    assert.equal(verdicts(small, stackOf(10, 1_000, 100, { flat: 80 }))[0], "missed");
    const alone = { ...stackOf(100, 10_000, 2_000, { program: 700 }), others: undefined };
    assert.deepEqual(verdicts(alone, small), ["met", "met", "met", "missed", "met", "missed"]);
    assert.deepEqual(verdicts(alone).slice(0, 3), ["?", "?", "?"]);
  });

  it("show a stack that is compared with nothing by its own figures alone", () => {
    const alone = { ...stackOf(300, 25_000, 900), others: undefined };
    const text = figuresText([stackOf(1, 100, 10), alone]);
    assert.match(text, /^\| up \| 10\.0 s \| 900\.0 s \| 0\.81 \|$/m);
    assert.match(text, /^\| 300 pipelines \(25,000 resources\): up \| 0\.0 s, 0 MiB/m);
    assert.equal(text.match(/300 pipelines \(25,000 resources\): preview again|in 1 \+ 12/g), null);
    assert.equal(text.match(/resources\): up, without components/g)?.length, 1);
  });

  it("take of runs of the same the one whose time is in the middle, and the most memory of all", () => {
    const run = (seconds: number, program: number): RunFigures => ({
      seconds,
      cpu: { engine: seconds, program: 0, providers: 0 },
      memory: { engine: 0, program, providers: 0 },
    });
    const { seconds, cpu, memory } = middleRun([run(9, 10), run(2, 30), run(4, 20)]);
    assert.deepEqual([seconds, cpu.engine, memory.program], [4, 4, 30]);
    assert.throws(() => middleRun([]), RangeError);
  });

  it("copy the shipped pipelines, as many as are wanted, and all of them plan", () => {
    for (const count of [1, 2, 13, 30]) {
      const folder = mkdtempSync(join(tmpdir(), "algorun-bench-"));
      try {
        writeCopies(folder, count);
        assert.equal(loadPlans([folder], anyPlatform).plans.length, count);
        assert.ok(readFileSync(join(folder, change.file), "utf8").includes(change.before));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it("split pipelines into stacks of at most 25, and part none from those that it leads to", () => {
    const folder = mkdtempSync(join(tmpdir(), "algorun-bench-"));
    try {
      writeCopies(folder, 60);
      const { plans, ids } = loadPlans([folder], anyPlatform);
      const parts = partsOf(folder);
      assert.deepEqual(parts.flatMap(({ deployments }) => deployments).sort(), [...ids].sort());
      for (const { deployments: include } of parts) {
        assert.ok(include.length <= pipelinesOfPart);
        assert.deepEqual(selectionProblems({ ids, plans }, { include, exclude: [] }), []);
      }
      assert.equal(parts.length, 3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("take a stack's resources from its state, without components, marks of secrets and filled-in values", () => {
    const urn = (type: string, name: string): string => `urn:pulumi:dev::algorun::${type}::${name}`;
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: '"s3"',
    };
    const state = {
      deployment: {
        resources: [
          { urn: urn("algorun:Platform", "platform"), type: "algorun:Platform", custom: false },
          { urn: urn("pulumi:providers:kafka", "kafka"), type: "pulumi:providers:kafka", custom: true },
          {
            urn: urn("kafka:T", "t"),
            type: "kafka:T",
            custom: true,
            inputs: { a: [secret], __defaults: [] },
          },
          {
            urn: urn("kafka:A", "a"),
            type: "kafka:A",
            custom: true,
            dependencies: [urn("kafka:T", "t"), urn("algorun:Platform", "platform")],
          },
        ],
      },
    };
    assert.deepEqual(exportedResources(JSON.stringify(state)), [
      { name: "kafka:T/t", type: "kafka:T", inputs: { a: ["s3"] }, after: [] },
      { name: "kafka:A/a", type: "kafka:A", inputs: {}, after: ["kafka:T/t"] },
    ]);
  });

  it("see the CPU time and the memory of a process", () => {
    const meter = new ProcessMeter({ own: process.pid });
    const deadline = process.cpuUsage().user + 50_000;
    while (process.cpuUsage().user < deadline) Math.sqrt(Math.random());
    const { cores = 0, memory } = meter.stop()["own"] ?? {};
    assert.ok(cores > 0);
    assert.ok((memory?.most ?? 0) > 10);
  });
});

/** A stack of which everything takes as long. */
function stackOf(
  pipelines: number,
  resources: number,
  seconds: number,
  { program = 300, flat = seconds } = {},
): StackFigures {
  const figures = (taken: number): ReadonlyMap<Phase, RunFigures> => {
    const run = {
      seconds: taken,
      cpu: { engine: 0, program: 0, providers: 0 },
      memory: { engine: 0, program, providers: 0 },
    };
    const phases = ["preview", "up", "preview again", "up again", "change of one"] as const;
    return new Map(phases.map((phase) => [phase, run]));
  };
  const bare = { kubernetes: resources * 0.03, ready: resources * 0.01, kafka: resources * 0.02 };
  const split = { parts: 1, figures: figures(seconds) };
  return { pipelines, resources, ours: figures(seconds), others: { flat: figures(flat), split, bare } };
}
