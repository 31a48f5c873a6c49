import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where tests start programs that listen, and files run side by side. */
const folders = ["engine", "services", "software"].map((name) => join(__dirname, "..", name));

describe("loopback networks of tests", () => {
  it("are each of one file only, so that files that run at the same time don't meet", () => {
    const owners = new Map<string, Set<string>>();
    for (const folder of folders)
      for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".ts"),
      )) {
        // An example in a comment is nobody's.
        const code = readFileSync(join(folder, file), "utf8").replaceAll(/`127[^`]*`/g, "");
        for (const [network] of code.matchAll(/\b127\.0\.[1-9]\d*\b/g))
          owners.set(network, (owners.get(network) ?? new Set()).add(join(folder, file)));
      }
    const shared = [...owners].filter(([, files]) => files.size > 1);
    assert.deepEqual(shared, []);
    assert.ok(owners.size > 15);
  });
});
