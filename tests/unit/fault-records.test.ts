import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultTable } from "../harness/fault-records";

describe("the table of faults", () => {
  it("adds up what was recorded of each, and names what was lost", async () => {
    const folder = mkdtempSync(join(tmpdir(), "algorun-records-"));
    try {
      const file = join(folder, "records.jsonl");
      const killed = { fault: "killed", tries: 1, sent: 10, delivered: 9, doubled: 2, lost: 1, note: "why" };
      const full = { fault: "full", tries: 3, sent: 5, delivered: 5, doubled: 0, lost: 0 };
      const records = [killed, full, { ...killed, tries: 4, delivered: 10, lost: 0 }];
      writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      assert.deepEqual((await faultTable(file)).split("\n").slice(2), [
        "| full | 3 | 5 | 5 | 0 | 0 |  |",
        "| killed | 5 | 20 | 19 | 4 | 1 | why |",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
