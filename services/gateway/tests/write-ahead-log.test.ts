import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@algorun/common";
import fc from "fast-check";
import type { PipelineMessage } from "../delivery/pipeline-message";
import { decodeRecord, encodeRecord } from "../log/log-record";
import { LogSpace } from "../log/log-space";
import { LogFull } from "../log/log-full";
import { WriteAheadLog } from "../log/write-ahead-log";
import { logFiles, restOf } from "./log-contents";

const topic = "algorun.acme.orders.endpoint.0.texts";
const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
const anyMessage: fc.Arbitrary<PipelineMessage> = fc.record({
  topic: fc.constant(topic),
  key: bytes,
  headers: fc.array(fc.tuple(bytes, bytes), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  value: bytes,
  timestamp: fc.nat(),
});

describe("The write-ahead log", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "write-ahead-log-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function open(space = new LogSpace(1e9)): Promise<WriteAheadLog> {
    return await WriteAheadLog.open({ folder, topic, space, segmentBytes: 600, logger });
  }

  function message(value: string): PipelineMessage {
    return {
      topic,
      key: Buffer.from("key"),
      headers: new Map(),
      value: Buffer.from(value),
      timestamp: Date.now(),
    };
  }

  async function append(log: WriteAheadLog, first: number, end: number): Promise<void> {
    for (let number = first; number < end; number += 1) await log.append(message(String(number)));
  }

  const files = (): readonly string[] => logFiles(folder);
  const numbers = (first: number, end: number): readonly string[] =>
    Array.from({ length: end - first }, (_, index) => String(first + index));

  it("has records that are read as they were written", () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        const record = decodeRecord(Buffer.concat(encodeRecord(given)), topic);
        assert.ok(record.kind === "record");
        assert.deepEqual(
          { ...record.message, headers: [...record.message.headers] },
          { ...given, headers: [...given.headers] },
        );
      }),
    );
  });

  it("knows a record that is not as it was written", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const record = Buffer.concat(encodeRecord(given));
        const place = at % record.length;
        record.writeUInt8((record[place] ?? 0) ^ change, place);
        assert.notEqual(decodeRecord(record, topic).kind, "record");
      }),
    );
  });

  it("keeps its messages in order over restarts, and sends none again that were delivered", async () => {
    let log = await open();
    await append(log, 0, 40);
    for (let count = 0; count < 25; count += 1) {
      const next = await log.next();
      if (next !== undefined) log.delivered(next.number);
    }
    assert.equal(log.messages, 15);
    await log.close();
    log = await open();
    assert.equal(log.messages, 15);
    await append(log, 40, 50);
    assert.deepEqual(await restOf(log), numbers(25, 50));
    await log.close();
  });

  it("cuts off what a crash left of the last write, wherever it was", async () => {
    const log = await open();
    await append(log, 0, 5);
    await log.close();
    const [last = ""] = files().slice(-1);
    const path = join(folder, last);
    const whole = readFileSync(path);
    const torn = Buffer.concat(encodeRecord(message("never safe")));
    for (let length = 1; length < torn.length; length += 7) {
      writeFileSync(path, whole);
      appendFileSync(path, torn.subarray(0, length));
      const recovered = await open();
      assert.deepEqual(await restOf(recovered), numbers(0, 5), `${length} bytes`);
      await recovered.close();
      assert.equal(readFileSync(path).length, whole.length);
    }
  });

  it("reads what is behind a damaged file", async () => {
    const log = await open();
    await append(log, 0, 30);
    await log.close();
    const [first = "", second = ""] = files();
    const path = join(folder, first);
    const content = readFileSync(path);
    content.fill(0, 20);
    writeFileSync(path, content);
    const recovered = await open();
    const secondNumber = Number(second.replace(".log", ""));
    assert.deepEqual(await restOf(recovered), numbers(secondNumber, 30));
    await recovered.close();
  });

  it("gives files back that are delivered, and their room", async () => {
    const space = new LogSpace(5_000);
    const log = await open(space);
    const fill = async (): Promise<void> => {
      for (;;) await log.append(message("x".repeat(200)));
    };
    await assert.rejects(fill(), LogFull);
    assert.ok(space.used <= space.limit);
    while (!log.isRead) {
      const next = await log.next();
      if (next !== undefined) log.delivered(next.number);
    }
    await log.save();
    assert.equal(files().length <= 2, true, files().join());
    await log.append(message("there is room again"));
    await log.close();
  });

  it("gives its last file back, too, once all of it is delivered", async () => {
    const space = new LogSpace(200_000);
    const log = await WriteAheadLog.open({ folder, topic, space, segmentBytes: 1e6, logger });
    const fill = async (): Promise<void> => {
      for (;;) await log.append(message("x".repeat(10_000)));
    };
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(fill(), LogFull);
      while (!log.isRead) {
        const next = await log.next();
        if (next !== undefined) log.delivered(next.number);
      }
      await log.save();
      assert.deepEqual([files(), space.used], [[], 0]);
    }
    await log.append(message("last"));
    // Its process is killed.
    const successor = await open();
    assert.deepEqual(await restOf(successor), ["last"]);
    await Promise.all([log.close(), successor.close()]);
  });

  it("gives files back, too, when there is no room to write down how far it came", async () => {
    const left = await open();
    await append(left, 0, 30);
    await left.close();
    const space = new LogSpace(5_000);
    const log = await open(space);
    while (!log.isRead) {
      const next = await log.next();
      if (next !== undefined) log.delivered(next.number);
    }
    // The file can't be written, as on a full disk.
    mkdirSync(join(folder, "delivered.json.new"));
    await assert.rejects(log.save());
    assert.deepEqual([files(), space.used], [[], 0]);
    await append(log, 30, 32);
    await log.close();
    const after = await open();
    assert.deepEqual(await restOf(after), ["30", "31"]);
    await after.close();
  });

  it("does not send again what the producer has, unless its process ends", async () => {
    const log = await open();
    let deliver: () => void = () => undefined;
    await log.append(message("on its way"), new Promise<void>((resolve) => (deliver = resolve)));
    await log.append(message("behind it"));
    assert.deepEqual(await restOf(log), ["behind it"]);
    await log.close();
    const after = await open();
    assert.deepEqual(await restOf(after), ["on its way", "behind it"]);
    await after.close();
    deliver();
  });
});
