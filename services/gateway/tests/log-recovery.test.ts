import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@algorun/common";
import fc from "fast-check";
import { LogSpace } from "../log/log-space";
import { SegmentReader } from "../log/log-segment";
import { WriteAheadLog } from "../log/write-ahead-log";
import { logFiles, restOf } from "./log-contents";

const topic = "algorun.acme.orders.endpoint.0.texts";

describe("A write-ahead log that was damaged", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-recovery-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(): Promise<WriteAheadLog> {
    return await WriteAheadLog.open({ folder, topic, space: new LogSpace(1e9), segmentBytes: 200, logger });
  }

  async function append(log: WriteAheadLog, values: readonly string[]): Promise<void> {
    for (const value of values) {
      const [key, headers] = [Buffer.from("key"), new Map<Buffer, Buffer>()];
      await log.append({ topic, key, headers, value: Buffer.from(value), timestamp: 0 });
    }
  }

  const files = (): readonly string[] => logFiles(folder).map((name) => join(folder, name));

  it("sends what it takes afterwards, wherever its end was cut, and whatever was delivered before", async () => {
    const before = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(before, fc.nat(), fc.integer({ min: 1, max: 8 }), async (delivered, cut, count) => {
        rmSync(folder, { recursive: true, force: true });
        const log = await open();
        await append(
          log,
          delivered.map((_, index) => `before-${index}`),
        );
        for (const [number, isDelivered] of delivered.entries()) if (isDelivered) log.delivered(number);
        await log.close();
        const last = files().at(-1) ?? "";
        truncateSync(last, cut % (statSync(last).size + 1));

        const recovered = await open();
        const left = recovered.messages;
        const values = Array.from({ length: count }, (_, index) => `after-${index}`);
        await append(recovered, values);
        assert.equal(recovered.messages, left + count);
        // Its process is killed: nothing was written down meanwhile.
        const successor = await open();
        const sent = await restOf(successor);
        assert.deepEqual(
          sent.filter((value) => value.startsWith("after")),
          values,
        );
        assert.equal(sent.length, left + count);
        await Promise.all([recovered.close(), successor.close()]);
      }),
      { numRuns: 30 },
    );
  });

  it("has no more messages than its file, when that is shorter than it was", async () => {
    const log = await open();
    await append(log, ["first"]);
    await log.close();
    const [file = ""] = files();
    const { size } = statSync(file);
    for (let length = size - 1; length >= 0; length -= 3) {
      truncateSync(file, length);
      const reader = await SegmentReader.open(file, topic);
      assert.equal(await reader.next(size), undefined, `${length} bytes`);
      await reader.close();
    }
  });
});
