import assert from "node:assert/strict";
import fc from "fast-check";
import { messageText, numberOf } from "../../bench/dataplane/message-text";
import { readOptions } from "../../bench/options";
import { ProcessMeter } from "../../bench/process-meter";
import { withPart } from "../../bench/report/page-part";
import { latencyOf } from "../../bench/report/quantiles";

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
      isWritten: false,
      profiles: undefined,
    });
    assert.throws(() => readOptions(["--seconds=soon"]), /SECONDS is soon, expected a whole number/);
    assert.throws(() => readOptions(["--write=perhaps"]), /WRITE is perhaps, expected yes or no/);
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
