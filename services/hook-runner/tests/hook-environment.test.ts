import assert from "node:assert/strict";
import { ConfigError } from "@algorun/common";
import { patienceOf } from "../hook-environment";

describe("How patient a hook is", () => {
  it("is what the environment says, and the standard's advice without it", () => {
    const { answerMs, giveUpMs } = patienceOf({});
    assert.deepEqual([answerMs, giveUpMs], [20_000, 600_000]);
    assert.equal(patienceOf({ HOOK_GIVE_UP_SECONDS: "7.5" }).giveUpMs, 7_500);
  });

  it("has its problems named at once", () => {
    assert.throws(
      () => patienceOf({ HOOK_ANSWER_SECONDS: "25", HOOK_GIVE_UP_SECONDS: "never" }),
      new ConfigError([
        'HOOK_ANSWER_SECONDS: expected seconds, more than 0 and at most 20; found "25"',
        'HOOK_GIVE_UP_SECONDS: expected seconds, more than 0 and at most 604800; found "never"',
      ]),
    );
  });
});
