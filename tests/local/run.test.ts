import assert from "node:assert/strict";
import { run } from "../../local/process/run";
import { UserError } from "../../local/user-error";

/** What Pulumi writes to its standard output when a refresh fails, shortened. */
const failedRefresh = `Refreshing (dev):
 ~  kubernetes:core/v1:Namespace platform refreshing (0s)
Diagnostics:
  kafka:index:Topic (texts):
    error: reading topic: connection refused

Resources:
    3 unchanged
Duration: 2s
`;

describe("a program that is run to its end", () => {
  it("gives what it wrote to its standard output, and is given its input", async () => {
    assert.equal(await run("sh", ["-c", "cat; echo said >&2"], { input: "asked" }), "asked");
  });

  it("tells why it failed: what it wrote to standard error", async () => {
    await assert.rejects(
      run("sh", ["-c", "echo done; echo wrong >&2; exit 3"]),
      saying("sh -c echo done; echo wrong >&2; exit 3 failed: wrong"),
    );
  });

  it("tells Pulumi's diagnostics, and nothing of what went well, when only these say it", async () => {
    const said =
      "sh -c cat; exit 255 failed: kafka:index:Topic (texts):\n    error: reading topic: connection refused";
    await assert.rejects(run("sh", ["-c", "cat; exit 255"], { input: failedRefresh }), saying(said));
  });

  it("tells what it was when it said nothing", async () => {
    await assert.rejects(
      run("sh", ["-c", "exit 3"]),
      saying("sh -c exit 3 failed: Error: Command failed: sh -c exit 3"),
    );
    await assert.rejects(run("no-such-program", []), /no-such-program  ?failed: .*ENOENT/s);
  });
});

function saying(message: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.message.trim(), message);
    return true;
  };
}
