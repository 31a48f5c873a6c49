import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { createMetrics, ObjectStorage, readFileReference, type FileReference } from "@algorun/common";
import { MediaIngest, type PieceMessage } from "@algorun/media-ingest";
import { pino } from "pino";
import { z } from "zod";
import { streamKey } from "../../components/ingress/stream-key";
import { resolveTools } from "../../local/toolchain/toolchain";
import { freePort } from "../software/free-port";
import { startMinio, type MinioServer } from "../software/minio-server";
import { NodePort } from "../software/node-port";
import { eventually, ProcessGroup } from "../software/process-group";
import { RtmpServer } from "../software/rtmp-server";

const execute = promisify(execFile);
const secret = "what-all-keys-are-derived-from";
const stream = "harbour.gate-video.north-gate";
const publishKey = streamKey(secret, { right: "publish", stream });
const playKey = streamKey(secret, { right: "play", stream });
const bucket = "harbour.gate-video";

const sequenceSchema = z.object({ sequence: z.number() });

/** A piece that has arrived. */
interface Arrived {
  readonly message: PieceMessage;
  readonly reference: FileReference;
}

describe("media streams with a real nginx, ffmpeg and MinIO", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "algorun-media-"));
  const group = new ProcessGroup();
  const server = new RtmpServer(secret);
  let minio: MinioServer;
  let minioPort: number;
  let storagePort: number;
  let storageDoor: NodePort;
  let store: ObjectStorage;
  let ffprobe: string;
  let arrived: Arrived[];
  let kafkaIsAway: boolean;
  let refusals = 0;
  let log: string[];
  const running: MediaIngest[] = [];

  before(async () => {
    const { ffmpeg } = await resolveTools(["ffmpeg"]);
    ffprobe = ffmpeg.path.replace(/ffmpeg$/, "ffprobe");
    minioPort = await freePort();
    storagePort = await freePort();
    minio = await startMinio(group, folder, `127.0.0.1:${minioPort}`);
    await minio.makeBucket(bucket);
    storageDoor = await NodePort.open(storagePort, { host: "127.0.0.1", port: minioPort });
    const key = (name: string): string => readFileSync(join(minio.keysOf(bucket), name), "utf8");
    store = new ObjectStorage(bucket, {
      endpoint: `http://127.0.0.1:${storagePort}`,
      forcePathStyle: true,
      region: "us-east-1",
      credentials: { accessKeyId: key("access-key-id"), secretAccessKey: key("secret-access-key") },
    });
    await server.start();
  });

  beforeEach(() => {
    arrived = [];
    log = [];
    kafkaIsAway = false;
  });

  afterEach(async () => {
    for (const ingest of running.splice(0)) await ingest.stop(0);
    rmSync(join(folder, "pieces"), { recursive: true, force: true });
  });

  after(async () => {
    store.close();
    storageDoor.close();
    await server.stop();
    await group.stopAll();
    rmSync(folder, { recursive: true });
  });

  function start(contentType: string, bufferBytes = 64 * 1024 * 1024): MediaIngest {
    const streamKeyFile = join(folder, "stream-key");
    writeFileSync(streamKeyFile, playKey);
    const ingest = new MediaIngest({
      streams: [{ path: "north-gate", topic: "gate", contentType, streamKeyFile }],
      address: server.playAddress,
      folder: join(folder, "pieces"),
      bufferBytes,
      store,
      send: (message) => {
        if (kafkaIsAway) {
          refusals += 1;
          return Promise.reject(new Error("Kafka is away"));
        }
        const reference = readFileReference(message.value);
        assert.ok(reference);
        arrived.push({ message, reference });
        return Promise.resolve();
      },
      logger: pino({ level: "debug" }, { write: (line: string) => log.push(line) }),
      metrics: createMetrics({}),
      pieceSeconds: 1,
      // That of an image, which can do less than Debian's.
      ffmpeg: process.env["INGEST_FFMPEG"],
    });
    running.push(ingest);
    ingest.start();
    return ingest;
  }

  function header(name: string): readonly string[] {
    return arrived.map(({ message }) => {
      const value = message.headers.others.find(([other]) => other === name)?.[1];
      return String(value);
    });
  }

  /** All pieces so far belong to one session, in order and without gaps. */
  function assertWhole(pieces: readonly Arrived[]): void {
    assert.equal(new Set(pieces.map(({ message }) => message.headers.traceID)).size, 1);
    assert.equal(new Set(pieces.map(({ message }) => message.key)).size, 1);
    assert.deepEqual(
      header("mediaSequence"),
      pieces.map((_, sequence) => String(sequence)),
    );
    const starts = header("mediaStartMs");
    const ends = header("mediaEndMs");
    assert.deepEqual(starts.slice(1), ends.slice(0, -1));
  }

  async function framesOf({ reference }: Arrived): Promise<number> {
    const bytes = await buffer(await store.download(reference.key));
    assert.equal(bytes.length, reference.size);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), reference.sha256);
    const file = join(folder, "piece");
    writeFileSync(file, bytes);
    const counting = ["-loglevel", "error", "-count_packets", "-show_entries", "stream=nb_read_packets"];
    const { stdout } = await execute(ffprobe, [...counting, "-of", "csv=p=0", file]);
    return Number(stdout.trim().split("\n")[0]?.replace(",", ""));
  }

  function leftBehind(): readonly string[] {
    return readdirSync(join(folder, "pieces", "north-gate"));
  }

  it("waits quietly while nobody publishes, and takes a stream from then on, piece by piece", async () => {
    const ingest = start("video/mp4");
    const isQuiet = (line: string): boolean => line.includes("nobody publishes the stream");
    await eventually("it has looked three times", () => log.filter(isQuiet).length >= 3);
    assert.deepEqual(
      log.filter((line) => !isQuiet(line) || !line.includes('"level":20')),
      [],
    );
    const camera = server.send(publishKey);
    await server.arrives(stream, camera);
    await eventually("five pieces have arrived", () => arrived.length >= 5);
    await camera.stop();
    await eventually("the stream has ended", () => log.some((line) => line.includes("a stream has ended")));
    await eventually("all is safe", () => ingest.waiting === 0);
    const first = arrived[0];
    assert.ok(first);
    assertWhole(arrived);
    assert.equal(first.message.topic, "gate");
    assert.equal(first.message.headers.messageDataType, "FileReference");
    assert.equal(first.message.headers.contentType, "video/mp4");
    assert.equal(first.reference.fileName, "north-gate-00000000.mp4");
    // The camera sends ten pictures a second, a key picture every second.
    for (const piece of arrived.slice(0, -1)) assert.equal(await framesOf(piece), 10);
    assert.ok(!log.join("").includes(playKey.split("key=")[1] ?? "none"), "the key is in no log");

    // The same camera again is another session.
    const before = arrived.length;
    const again = server.send(publishKey);
    await server.arrives(stream, again);
    await eventually("it goes on", () => arrived.length > before);
    await again.stop();
    const last = arrived.at(-1);
    assert.notEqual(last?.message.headers.traceID, first.message.headers.traceID);
    assert.equal(await ingest.stop(20_000), 0);
    assert.deepEqual(leftBehind(), []);
  });

  it("loses nothing while storage and Kafka are away for a while", async () => {
    const ingest = start("video/mp2t");
    const camera = server.send(publishKey);
    await server.arrives(stream, camera);
    await eventually("a piece has arrived", () => arrived.length > 0);
    storageDoor.close();
    await eventually("storage is missed", () =>
      log.some((line) => line.includes("a piece of a stream waits")),
    );
    const before = arrived.length;
    await eventually("four pieces wait", () => ingest.waiting >= 4);
    assert.ok(arrived.length <= before + 1);
    refusals = 0;
    kafkaIsAway = true;
    storageDoor = await NodePort.open(storagePort, { host: "127.0.0.1", port: minioPort });
    await eventually("Kafka is missed, too", () => refusals >= 2);
    kafkaIsAway = false;
    await eventually("what waited has arrived", () => arrived.length >= before + 6);
    await camera.stop();
    assert.equal(await ingest.stop(20_000), 0);
    assertWhole(arrived);
    for (const piece of arrived.slice(0, -1)) assert.equal(await framesOf(piece), 10);
  });

  it("hands what is not safe to the next process, under the same numbers", async () => {
    const ingest = start("video/mp2t");
    const camera = server.send(publishKey);
    await server.arrives(stream, camera);
    await eventually("a piece has arrived", () => arrived.length > 0);
    kafkaIsAway = true;
    await eventually("pieces wait", () => log.some((line) => line.includes("a piece of a stream waits")));
    await camera.stop();
    assert.ok((await ingest.stop(0)) > 0);
    assert.ok(leftBehind().length > 0);
    kafkaIsAway = false;
    const next = start("video/mp2t");
    await eventually("they have arrived", () => arrived.length > 1 && next.waiting === 0);
    assertWhole(arrived);
  });

  it("drops the oldest pieces when it can keep no more, and says which", async () => {
    kafkaIsAway = true;
    const ingest = start("video/mp2t", 1);
    const camera = server.send(publishKey);
    await server.arrives(stream, camera);
    const isLost = (line: string): boolean => line.includes("a piece of a stream is lost");
    await eventually("a piece is lost", () => log.some(isLost));
    kafkaIsAway = false;
    await eventually("others arrive", () => arrived.length >= 2);
    await camera.stop();
    await ingest.stop(20_000);
    const lost = log.filter(isLost).map((line) => sequenceSchema.parse(JSON.parse(line)).sequence);
    const kept = header("mediaSequence");
    assert.deepEqual(
      [...lost, ...kept].map(Number).sort((a, b) => a - b),
      Array.from({ length: lost.length + kept.length }, (_, index) => index),
    );
  });
});
