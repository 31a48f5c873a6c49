import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../local/stack/stack";
import type { StateResource } from "../../local/stack/stack-state";
import {
  begunResources,
  forgetUnfinished,
  isUnfinished,
  recordedAtEnd,
} from "../../local/stack/unfinished-update";
import { leftBehind } from "../../local/stack/unrecorded-resources";
import { TemporaryLayout } from "./temporary-layout";

const topicUrn = "urn:pulumi:dev::algorun::algorun:data:KafkaTopics$kafka:index/topic:Topic::orders";
const providerUrn = "urn:pulumi:dev::algorun::pulumi:providers:kafka::broker";

/** What an event has in the place of a secret. */
const blinded = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

describe("an update that is recorded at its end", () => {
  let temporary: TemporaryLayout;
  let stack: Stack;
  let state: string;

  beforeEach(() => {
    temporary = new TemporaryLayout();
    const { layout } = temporary;
    stack = { layout, pulumi: "pulumi", project: "/", name: "dev" };
    const folder = join(layout.pulumiState, ".pulumi", "stacks", "algorun");
    state = join(folder, "dev.json");
    mkdirSync(folder, { recursive: true });
    writeFileSync(state, "{}");
    utimesSync(state, 1, 1);
  });

  afterEach(() => temporary.remove());

  function writeState(): void {
    writeFileSync(state, "{}");
    const later = Date.now() / 1000 + 1;
    utimesSync(state, later, later);
  }

  function event(op: string, name: string): string {
    const made = {
      urn: `${topicUrn}-${name}`,
      type: "kafka:index/topic:Topic",
      inputs: { name, password: blinded },
    };
    return JSON.stringify({ sequence: 1, resourcePreEvent: { metadata: { op, new: made, old: null } } });
  }

  it("asks Pulumi for no checkpoints, and is finished when its state was written, however it ended", async () => {
    const exitCode = await recordedAtEnd(stack, (variables) => {
      assert.deepEqual(variables, { PULUMI_SKIP_CHECKPOINTS: "true" });
      assert.ok(isUnfinished(stack));
      writeState();
      return Promise.resolve(255);
    });
    assert.equal(exitCode, 255);
    assert.ok(!isUnfinished(stack));
  });

  it("is unfinished while its state was not written, until the state tells all again", async () => {
    await recordedAtEnd(stack, () => Promise.resolve());
    assert.ok(isUnfinished(stack));
    assert.ok(!isUnfinished({ ...stack, name: "other" }));
    forgetUnfinished(stack);
    assert.ok(!isUnfinished(stack));
  });

  it("tells what it had begun to make by its events, of which the last may be cut off", async () => {
    await recordedAtEnd(stack, (_, events) => {
      const lines = [
        '{"sequence":0,"preludeEvent":{"config":{}}}',
        event("create", "orders"),
        event("same", "parcels"),
        event("update", "trucks"),
        event("create", "routes"),
        // At the end of something inside it.
        event("create", "cut-off").slice(0, -1),
      ];
      writeFileSync(events, lines.join("\n"));
      return Promise.resolve();
    });
    const named = begunResources(stack).map(({ inputs }) => inputs);
    assert.deepEqual(named, [{ name: "orders" }, { name: "routes" }]);
    forgetUnfinished(stack);
    assert.deepEqual(begunResources(stack), []);
  });
});

describe("what an update that was killed has made and no document asks for", () => {
  const topic: StateResource = {
    urn: topicUrn,
    type: "kafka:index/topic:Topic",
    custom: true,
    parent: "urn:pulumi:dev::algorun::algorun:data:KafkaTopics::orders",
    provider: `${providerUrn}::of-the-killed`,
    inputs: { name: "orders" },
  };
  const provider = { urn: providerUrn, type: "pulumi:providers:kafka", id: "recorded" };

  function found(begun: readonly StateResource[], recorded: StateResource[], toBeMade: StateResource[] = []) {
    return leftBehind({ deployment: { resources: recorded } }, begun, toBeMade).map(({ id, ...rest }) => ({
      id,
      provider: rest.provider,
      parent: rest.parent,
    }));
  }

  it("is put down with the provider that is recorded, for the next update to remove", () => {
    assert.deepEqual(found([topic], [provider]), [
      { id: "orders", provider: `${providerUrn}::recorded`, parent: undefined },
    ]);
  });

  it("is neither what is recorded, nor what the next update makes, nor what nobody but its provider can name", () => {
    assert.deepEqual(found([topic], [provider, topic]), []);
    assert.deepEqual(found([topic], [provider], [topic]), []);
    assert.deepEqual(found([{ ...topic, type: "aws:s3/bucket:Bucket" }], [provider]), []);
    assert.deepEqual(found([topic], []), []);
  });
});
