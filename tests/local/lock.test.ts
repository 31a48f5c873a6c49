import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../../local/process/lock";
import { TemporaryLayout } from "./temporary-layout";

describe("the lock of an environment", () => {
  const temporary = new TemporaryLayout();
  const { layout } = temporary;
  const path = join(layout.directory, "lock");

  after(() => temporary.remove());

  it("turns the second command away, with the name of the first", async () => {
    await withLock(layout, "make up", async () => {
      await assert.rejects(
        withLock(layout, "make down", () => Promise.resolve()),
        /`make up` \(process \d+\) is at work/,
      );
    });
  });

  it("is given back when the command fails", async () => {
    await assert.rejects(
      withLock(layout, "make up", () => Promise.reject(new Error("broken"))),
      /broken/,
    );
    assert.equal(existsSync(path), false);
  });

  it("does not outlive a command that was killed", async () => {
    writeFileSync(
      path,
      JSON.stringify({ pid: process.pid, startTime: "another boot/1", command: "make up" }),
    );
    assert.equal(await withLock(layout, "make up", () => Promise.resolve("went on")), "went on");
  });
});
