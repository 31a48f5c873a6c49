import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { recordFault, shortOrLong } from "../../harness/fault-records";
import { startMinio, type RestartableMinio } from "../../software/minio-server";
import { eventually, ProcessGroup } from "../../software/process-group";
import { curl, type Answer } from "./curl";
import { endpointUnderTest } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { EndpointClient } from "./grpc-client";

const network = "127.0.34";
const bucket = "acme.orders";
const mebibyte = 1024 * 1024;

describe("A gateway whose object storage comes and goes", function () {
  this.timeout(shortOrLong(300_000, 3_600_000));
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-storage-"));
  let minio: RestartableMinio;
  let gateway: GatewayProcess;

  before(async () => {
    minio = await startMinio(group, folder, `${network}.1:9000`);
    await minio.makeBucket(bucket);
    gateway = await GatewayProcess.start(group, {
      folder: join(folder, "gateway"),
      plan: endpointUnderTest(),
      address: `${network}.2`,
      env: {
        // Nobody listens there: the log takes the messages.
        KAFKA_BROKERS: `${network}.9:9092`,
        AWS_ACCESS_KEY_ID: bucket,
        AWS_SECRET_ACCESS_KEY: "acmeordersSecret02",
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL_S3: minio.endpoint,
      },
    });
  });

  after(async () => {
    minio.program().signal("SIGCONT");
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = (): string => `${gateway.http}/acme/orders/photos`;

  async function send(...args: readonly string[]): Promise<Answer> {
    return await curl("-H", "content-type: image/png", ...args, url());
  }

  /** Names of what is in the bucket. */
  async function objects(...args: readonly string[]): Promise<readonly string[]> {
    const list = await minio.asUserOf(bucket, "ls", ...args, "--recursive", `s/${bucket}`);
    return list.split("\n").filter((line) => line !== "");
  }

  async function uploadsEnded(): Promise<void> {
    const isIdle = async (): Promise<boolean> =>
      (await gateway.metric("algorun_gateway_upload_bytes")) === 0 &&
      (await gateway.metric("algorun_gateway_in_flight_requests")) === 0;
    await eventually("no upload is left", isIdle, { seconds: 180 });
  }

  it("refuses files while storage is away, without a message, and takes them once it is back", async () => {
    const tries = shortOrLong(1, 10);
    let taken = 0;
    for (let attempt = 0; attempt < tries; attempt += 1) {
      assert.equal((await send("-d", "before")).status, 202);
      await minio.program().stop("SIGKILL");
      const messages = await gateway.metric("algorun_gateway_log_messages");
      const { headers, status: code } = await send("-d", "while it is away");
      assert.equal(code, 503);
      assert.match(headers, /retry-after: \d+/);
      assert.equal(await gateway.metric("algorun_gateway_log_messages"), messages);
      await minio.restart();
      assert.equal((await send("-d", "after")).status, 202);
      taken += 2;
      assert.equal((await objects()).length, taken);
    }
    await recordFault({
      fault: "gateway: object storage killed and started",
      tries,
      sent: taken,
      delivered: taken,
      doubled: 0,
      lost: 0,
      note: "sent: files with 202; delivered: objects in the bucket",
    });
  });

  it("answers callers while storage hangs with its connections open", async () => {
    const client = new EndpointClient(gateway.grpc);
    minio.program().signal("SIGSTOP");
    try {
      const clip = { endpointPath: "clips", contentType: "video/mp4", message: Buffer.from("a clip") };
      const [run, upload, { status: code }] = await Promise.all([
        client.call("Run", [clip]),
        client.call("Upload", [clip]),
        send("-m", "150", "-d", "a photo"),
      ]);
      assert.deepEqual([run.code, upload.code, code], [status.UNAVAILABLE, status.UNAVAILABLE, 503]);
    } finally {
      minio.program().signal("SIGCONT");
    }
    await eventually("it takes files again", async () => (await send("-d", "well")).status === 202);
    client.close();
    await recordFault({
      fault: "gateway: object storage hangs",
      tries: 1,
      sent: 0,
      delivered: 0,
      doubled: 0,
      lost: 0,
      note: "Run, Upload and HTTP are answered with UNAVAILABLE and 503",
    });
  });

  it("leaves nothing of uploads whose callers go away: no object, no part, no message", async () => {
    const tries = shortOrLong(3, 60);
    const before = await objects();
    const messages = await gateway.metric("algorun_gateway_messages_total");
    const { hostname, port } = new URL(gateway.http);
    const client = new EndpointClient(gateway.grpc);
    const head = "POST /acme/orders/photos HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\n";
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      socket.write(`${head}content-length: 104857600\r\n\r\n`);
      // Within a part, between parts, and after some.
      const bytes = Buffer.alloc(Math.floor(((attempt % 6) + 0.5) * 4 * mebibyte));
      await new Promise<void>((resolve) =>
        socket.write(bytes, () => {
          resolve();
        }),
      );
      const call = client.start("Upload");
      call.on("error", () => undefined);
      call.write({ endpointPath: "clips", contentType: "video/mp4", message: Buffer.alloc(3_000_000) });
      const isThere = async (): Promise<boolean> =>
        (await gateway.metric("algorun_gateway_upload_bytes")) > 0;
      await eventually("the uploads are there", isThere);
      socket.destroy();
      call.cancel();
    }
    client.close();
    await uploadsEnded();
    const after = await objects();
    const areGone = async (): Promise<boolean> => (await objects("--incomplete")).length === 0;
    await eventually("the parts are removed", areGone, { seconds: 60 });
    await recordFault({
      fault: "gateway: callers break off uploads",
      tries: tries * 2,
      sent: before.length,
      delivered: after.length,
      doubled: after.length - before.length,
      lost: 0,
      note: "no parts are left over; sent and delivered: objects before and after",
    });
    assert.deepEqual(after, before);
    assert.equal(await gateway.metric("algorun_gateway_messages_total"), messages);
  });

  it("streams a large file in bounded memory", async () => {
    const size = shortOrLong(256, 2048);
    const file = join(folder, "large.png");
    writeFileSync(file, "");
    truncateSync(file, size * mebibyte);
    const resident = await gateway.metric("process_resident_memory_bytes");
    let peak = resident;
    const ended = new AbortController();
    const watch = (async () => {
      while (!ended.signal.aborted) {
        peak = Math.max(peak, await gateway.metric("process_resident_memory_bytes"));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const chunked = ["-H", "transfer-encoding: chunked", "-m", "3000", "-X", "POST", "-T", file];
    const { body, status: code } = await send(...chunked);
    ended.abort();
    await watch;
    assert.equal(code, 202, body);
    const { messageId } = JSON.parse(body) as { messageId: string };
    const name =
      (await objects())
        .find((line) => line.endsWith(messageId))
        ?.split(" ")
        .at(-1) ?? "";
    const stored = await minio.asUserOf(bucket, "stat", "--json", `s/${bucket}/${name}`);
    assert.equal((JSON.parse(stored) as { size: number }).size, size * mebibyte);
    const grown = Math.round((peak - resident) / mebibyte);
    await recordFault({
      fault: "gateway: a large file",
      tries: 1,
      sent: 1,
      delivered: 1,
      doubled: 0,
      lost: 0,
      note: `${size} MiB in chunks; memory grew by ${grown} MiB to ${Math.round(peak / mebibyte)} MiB at most`,
    });
    assert.ok(grown < 120, `it took ${grown} MiB more`);
  });
});
