import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { releaseAbandonedLocks } from "../../local/stack/locks";
import { bringBackState } from "../../local/stack/state-file";
import { TemporaryLayout } from "./temporary-layout";

describe("the file of a stack's state", () => {
  let temporary: TemporaryLayout;

  beforeEach(() => {
    temporary = new TemporaryLayout();
  });

  afterEach(() => temporary.remove());

  function path(file: string): string {
    return join(temporary.layout.pulumiState, ".pulumi", file);
  }

  /** Writes a file as of a second of 1970. */
  function write(file: string, content: string, second: number): void {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), content);
    utimesSync(path(file), second, second);
  }

  function state(mark: string): string {
    return JSON.stringify({
      version: 3,
      checkpoint: { stack: "organization/algorun/dev", latest: { mark } },
    });
  }

  function bringBack(): string | undefined {
    const { layout } = temporary;
    return bringBackState({ layout, pulumi: "pulumi", project: "/", name: "dev" });
  }

  it("is left alone while it is whole, and may not be there yet", () => {
    assert.equal(bringBack(), undefined);
    write("stacks/algorun/dev.json", state("now"), 2);
    write("stacks/algorun/dev.json.bak", state("before"), 1);
    assert.equal(bringBack(), undefined);
    assert.equal(readFileSync(path("stacks/algorun/dev.json"), "utf8"), state("now"));
  });

  it("is replaced by the newest copy that is whole when it was cut off, and is kept", () => {
    write("stacks/algorun/dev.json", state("now").slice(0, 40), 9);
    write("stacks/algorun/dev.json.attrs", "{}", 9);
    write("stacks/algorun/dev.json.bak", "", 8);
    write("stacks/algorun/other.json", "", 8);
    write("backups/algorun/dev/dev.1.json", state("first"), 6);
    write("backups/algorun/dev/dev.2.json", state("second"), 7);
    write("backups/algorun/other/other.3.json", state("other"), 8);
    assert.equal(
      bringBack(),
      "The file of stack dev was cut off, as by a full disk: the copy of 1970-01-01T00:00:07.000Z is brought back.",
    );
    assert.equal(readFileSync(path("stacks/algorun/dev.json"), "utf8"), state("second"));
    assert.equal(readFileSync(path("stacks/algorun/dev.json.damaged"), "utf8"), state("now").slice(0, 40));
    assert.equal(existsSync(path("stacks/algorun/dev.json.attrs")), false);
    assert.equal(bringBack(), undefined);
  });

  it("makes way for a new one when no copy is whole", () => {
    write("stacks/algorun/dev.json", "", 9);
    write("stacks/algorun/dev.json.bak", "{", 8);
    assert.match(
      bringBack() ?? "",
      /^The file of stack dev was cut off.*so are all copies: it begins anew\.$/,
    );
    assert.equal(existsSync(path("stacks/algorun/dev.json")), false);
  });

  it("is not locked by a lock that is cut off itself", async () => {
    const lock = "locks/organization/algorun/dev/1.json";
    write(lock, '{"pid":', 1);
    const { layout } = temporary;
    assert.equal(await releaseAbandonedLocks({ layout, pulumi: "pulumi", project: "/", name: "dev" }), false);
    assert.equal(existsSync(path(lock)), false);
  });
});
