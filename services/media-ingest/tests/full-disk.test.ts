import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createLogger, createMetrics } from "@algorun/common";
import { MediaIngest } from "../media-ingest";

/** Stands for ffmpeg: writes a piece into the folder that the last argument names. */
const player = `#!/bin/sh
for last; do :; done
printf piece > "\${last%/*}/00000000.ts" && echo 00000000.ts,0.0,1.0
`;

describe("the ingest of streams", () => {
  process.env["LOG_LEVEL"] = "silent";
  const home = mkdtempSync(join(tmpdir(), "algorun-ingest-"));
  const folder = join(home, "pieces");
  let delivered = 0;

  after(() => {
    rmSync(home, { recursive: true });
  });

  async function morePieces(): Promise<void> {
    const before = delivered;
    while (delivered < before + 2) await delay(20);
  }

  it("outlives a disk that takes nothing, and goes on once it does", async function () {
    this.timeout(30_000);
    const ffmpeg = join(home, "ffmpeg");
    const streamKeyFile = join(home, "key");
    writeFileSync(ffmpeg, player);
    chmodSync(ffmpeg, 0o755);
    writeFileSync(streamKeyFile, "camera?key=secret");
    // No folder can be made in what is a file.
    writeFileSync(folder, "");
    const ingest = new MediaIngest({
      streams: [{ path: "camera", topic: "topic", streamKeyFile }],
      address: "rtmp://127.0.0.1/live",
      folder,
      bufferBytes: 1_000_000,
      store: {
        bucket: "bucket",
        upload: async (_key, body) => {
          await body.toArray();
          return { size: 5, sha256: "0".repeat(64) };
        },
      },
      send: async () => {
        delivered += 1;
        await Promise.resolve();
      },
      logger: createLogger({ deployment: "", pipeline: "", component: "", instance: "" }),
      metrics: createMetrics({}),
      ffmpeg,
    });
    ingest.start();
    await delay(100);
    assert.equal(delivered, 0);
    rmSync(folder);
    await morePieces();
    // While it plays, too.
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    writeFileSync(join(folder, "camera"), "");
    await delay(300);
    rmSync(join(folder, "camera"));
    await morePieces();
    assert.equal(await ingest.stop(2_000), 0);
  });
});
