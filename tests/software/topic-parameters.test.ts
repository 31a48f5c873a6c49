import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolveTools } from "../../local/toolchain/toolchain";
import { expectedParameterValue, topicParameterNames } from "../../pipelines/model/topics/topic-parameters";

/** A topic configuration as the broker's own documentation has it. */
interface Documented {
  readonly name: string;
  readonly type: string;
  readonly byDefault: string;
  readonly valid: string;
}

/** What the broker's program says of the topic configurations that it knows. */
async function documented(): Promise<readonly Documented[]> {
  const { java, kafka } = await resolveTools(["java", "kafka"]);
  const program = ["-cp", join(kafka.path, "*"), "org.apache.kafka.storage.internals.log.LogConfig"];
  const { stdout } = await promisify(execFile)(java.path, program);
  return stdout
    .split("<h4>")
    .slice(1)
    .map((section) => {
      const row = (title: string): string =>
        new RegExp(`<th>${title}:</th><td>(.*?)</td>`).exec(section)?.[1] ?? "";
      return {
        name: /href="#topicconfigs_([^"]+)"/.exec(section)?.[1] ?? "",
        type: row("Type"),
        byDefault: row("Default").replace(/ \(.*\)$/, ""),
        valid: row("Valid Values"),
      };
    });
}

describe("what the model knows of topic configurations", function () {
  this.timeout(60_000);
  let known: readonly Documented[];
  before(async function () {
    this.timeout(600_000);
    known = await documented();
  });

  it("are those of the broker, each once", () => {
    assert.deepEqual(known.map(({ name }) => name).sort(), topicParameterNames);
  });

  it("are the broker's bounds", () => {
    let bounds = 0;
    for (const { name, type, valid } of known.filter(({ type: kind }) => kind === "int" || kind === "long")) {
      const [, least, most] = /^\[(-?\d+),\.\.\.(?:,(-?\d+))?\]$/.exec(valid) ?? [];
      const widest = type === "int" ? 2n ** 31n - 1n : 2n ** 63n - 1n;
      if (least === undefined) continue;
      bounds++;
      const last = most === undefined ? widest : BigInt(most);
      for (const inside of [BigInt(least), last])
        assert.equal(expectedParameterValue(name, String(inside)), undefined, `${name} ${inside}`);
      for (const outside of [BigInt(least) - 1n, last + 1n])
        assert.notEqual(expectedParameterValue(name, String(outside)), undefined, `${name} ${outside}`);
    }
    assert.ok(bounds >= 20, `${bounds} bounds`);
  });

  it("are the broker's words", () => {
    const named = known.filter(({ type, valid }) => type !== "int" && /^\[[a-zA-Z0-9, ]+\]$/.test(valid));
    assert.deepEqual(named.map(({ name }) => name).sort(), [
      "cleanup.policy",
      "compression.type",
      "message.timestamp.type",
    ]);
    for (const { name, valid } of named) {
      for (const word of valid.slice(1, -1).split(", "))
        assert.equal(expectedParameterValue(name, word), undefined, `${name} ${word}`);
    }
  });

  it("let every default pass", () => {
    for (const { name, byDefault } of known.filter((each) => each.byDefault !== '""'))
      assert.equal(expectedParameterValue(name, byDefault), undefined, `${name} ${byDefault}`);
  });
});
