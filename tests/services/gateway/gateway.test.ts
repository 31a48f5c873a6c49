import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { startMinio, type MinioServer } from "../../software/minio-server";
import { eventually, ProcessGroup } from "../../software/process-group";
import { TestKafka, type ConsumedMessage } from "../test-kafka";
import { curl, type Answer } from "./curl";
import { endpointUnderTest, topicOf } from "./gateway-documents";
import { GatewayProcess } from "./gateway-process";
import { EndpointClient } from "./grpc-client";

const network = "127.0.31";
const bucket = "acme.orders";
const key = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

describe("A gateway, started with what its pod is given, with Kafka and MinIO", function () {
  this.timeout(60_000);
  const group = new ProcessGroup();
  const folder = mkdtempSync(join(tmpdir(), "gateway-"));
  const plan = endpointUnderTest("authentication: { apiKeys: { callers: [kiosk] } }");
  const keys = join(folder, "gateway/etc/algorun/api-keys");
  const ids = new Map<string, string>();
  let kafka: TestKafka;
  let minio: MinioServer;
  let gateway: GatewayProcess;
  let grpc: EndpointClient;
  let arrived: readonly ConsumedMessage[];

  before(async function () {
    this.timeout(600_000);
    [kafka, minio] = await Promise.all([
      TestKafka.start(group, join(folder, "kafka"), network),
      startMinio(group, folder, `${network}.1:9000`),
    ]);
    await minio.makeBucket(bucket);
    await kafka.createTopics(
      plan.paths.map(({ topic }) => topic),
      2,
    );
    const login = await kafka.createUser(plan.identity);
    const storage = {
      AWS_ACCESS_KEY_ID: bucket,
      AWS_SECRET_ACCESS_KEY: "acmeordersSecret02",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL_S3: minio.endpoint,
    };
    allow("kiosk", key);
    gateway = await GatewayProcess.start(group, {
      folder: join(folder, "gateway"),
      plan,
      address: `${network}.2`,
      env: { ...login, ...storage },
    });
    grpc = new EndpointClient(gateway.grpc);
  });

  after(async () => {
    grpc.close();
    await group.stopAll();
    rmSync(folder, { recursive: true, force: true });
  });

  function allow(caller: string, secret: string): void {
    mkdirSync(keys, { recursive: true });
    writeFileSync(join(keys, caller), createHash("sha256").update(secret).digest("hex"));
  }

  async function send(path: string, ...args: readonly string[]): Promise<Answer> {
    return await curl("-H", `x-api-key: ${key}`, ...args, `${gateway.http}/acme/orders${path}`);
  }

  /** Sends what must be taken, and remembers its message id by a name. */
  async function sent(name: string, path: string, ...args: readonly string[]): Promise<string> {
    const { body, headers, status: code } = await send(path, ...args);
    assert.equal(code, 202, body);
    const { traceId, messageId } = JSON.parse(body) as { traceId: string; messageId: string };
    assert.match(headers, new RegExp(`x-algorun-trace-id: ${traceId.toLowerCase()}`));
    ids.set(name, messageId);
    return traceId;
  }

  async function refused(want: number, path: string, ...args: readonly string[]): Promise<string> {
    const { body, headers, status: code } = await send(path, ...args);
    assert.equal(code, want, body);
    assert.match(headers, /content-type: application\/problem\+json/);
    const problem = JSON.parse(body) as { status: number; title: string; detail: string };
    assert.equal(problem.status, want);
    return problem.detail;
  }

  async function objects(): Promise<string> {
    return await minio.asUserOf(bucket, "ls", "--recursive", `s/${bucket}`);
  }

  const text = ["-H", "content-type: text/plain"] as const;
  const photo = ["-H", "content-type: image/png"] as const;

  it("is ready, and healthy", async () => {
    assert.equal(await gateway.readiness(), 200);
    assert.equal((await fetch(`${gateway.monitoring}/health`)).status, 200);
  });

  it("takes bodies, and answers with the trace id and the message id", async () => {
    const traceId = await sent("plain", "/texts?locale=tr&size=a%20b", ...text, "-d", "hello");
    assert.match(traceId, /^[0-9a-f-]{36}$/);
    assert.equal(await sent("traced", "/texts/trace-7", ...text, "-d", "traced"), "trace-7");
    await sent("default", "", ...text, "-d", "by default");
    await sent("untyped", "/texts", "-H", "content-type:", "-d", "untyped");
    await sent("chunked", "/texts", ...text, "-H", "transfer-encoding: chunked", "-d", "in chunks");
    await sent(
      "propagated",
      "/anything",
      "-H",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "-d",
      "x",
    );
    const form = join(folder, "form.txt");
    writeFileSync(form, "a file");
    await sent("form", "/texts/upload", "-F", "color=red", "-F", `file=@${form};type=text/plain`);
  });

  it("stores files, of which a message is the pointer", async () => {
    const file = join(folder, "photo.png");
    writeFileSync(file, Buffer.alloc(11 * 1024 * 1024, "photo"));
    await sent(
      "file",
      "/photos/trace-8",
      ...photo,
      "-H",
      'content-disposition: attachment; filename="photo.png"',
      "-T",
      file,
      "-X",
      "POST",
    );
    await sent("small file", "/photos", ...photo, "-d", "small");
  });

  it("refuses what it is not for, with a reason", async () => {
    assert.match(await refused(404, "/nothing", "-d", ""), /no such path/);
    assert.match(await refused(404, "/frames", "-d", ""), /gRPC alone/);
    assert.match(await refused(404, "/texts/a/b/c", "-d", ""), /expected/);
    assert.match(await refused(405, "/texts"), /found GET/);
    assert.match(
      await refused(415, "/texts", "-H", "content-type: image/png", "-d", "x"),
      /expected text\/plain/,
    );
    assert.match(await refused(400, "/texts/..bad", "--path-as-is", ...text, "-d", "x"), /trace id/);
    assert.match(await refused(400, "/texts?a=1&a=2", ...text, "-d", "x"), /stated twice/);
    assert.match(await refused(400, "/texts/upload", "-F", "color=red"), /no file/);
    const other = await curl("-H", `x-api-key: ${key}`, "-d", "x", `${gateway.http}/acme/other/texts`);
    assert.equal(other.status, 404);
  });

  it("refuses bodies that are too large, also when they don't say how large they are", async () => {
    const large = join(folder, "large.txt");
    writeFileSync(large, "x".repeat(65_537));
    assert.match(await refused(413, "/texts", ...text, "--data-binary", `@${large}`), /65536 bytes/);
    const huge = join(folder, "huge.txt");
    writeFileSync(huge, "x".repeat(4 * 1024 * 1024));
    const chunked = ["-H", "transfer-encoding: chunked", "--data-binary", `@${huge}`];
    assert.match(await refused(413, "/texts", ...text, ...chunked), /65536 bytes/);
    writeFileSync(large, "x".repeat(65_536));
    await sent("largest", "/texts", ...text, "--data-binary", `@${large}`);
  });

  it("lets in who has a key, and reads them again when they change", async () => {
    const url = `${gateway.http}/acme/orders/texts`;
    for (const header of ["x-other: 1", "x-api-key: wrong", "x-api-key;"]) {
      const { headers, status: code } = await curl("-H", header, ...text, "-d", "x", url);
      assert.equal(code, 401, header);
      assert.match(headers, /www-authenticate: /);
    }
    const other = "another-key-of-a-new-caller";
    allow("web-shop", other);
    await eventually("the new key is known", async () => {
      const { status: code, body } = await curl(
        "-H",
        `x-api-key: ${other}`,
        ...text,
        "-d",
        "by the new key",
        url,
      );
      if (code === 202) ids.set("new key", (JSON.parse(body) as { messageId: string }).messageId);
      return code === 202;
    });
    rmSync(join(keys, "web-shop"));
    await eventually("the key is forgotten", async () => {
      const { status: code } = await curl("-H", `x-api-key: ${other}`, "-X", "GET", url);
      return code === 401;
    });
  });

  it("leaves no message and no object of an upload whose caller goes away", async () => {
    const before = await objects();
    const { hostname, port } = new URL(gateway.http);
    const head = `POST /acme/orders/photos HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-type: image/png\r\n`;
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(`${head}content-length: 104857600\r\n\r\n`);
    // More than two parts, so that an upload in parts has begun.
    await new Promise<void>((resolve) =>
      socket.write(Buffer.alloc(17 * 1024 * 1024), () => {
        resolve();
      }),
    );
    await eventually(
      "parts are stored",
      async () => (await gateway.metric("algorun_gateway_upload_bytes")) > 0,
    );
    socket.destroy();
    await eventually(
      "the upload has ended",
      async () => (await gateway.metric("algorun_gateway_upload_bytes")) === 0,
    );
    assert.equal(await objects(), before);
    assert.equal(await minio.asUserOf(bucket, "ls", "--incomplete", "--recursive", `s/${bucket}`), "");
  });

  it("takes messages by gRPC, each answered once it is safe", async () => {
    const metadata = { "x-api-key": key };
    const requests = ["one", "two", "three"].map((message, index) => ({
      deploymentOwner: "acme",
      deploymentName: "orders",
      endpointPath: "frames",
      traceID: `grpc-${index}`,
      contentType: "image/jpeg",
      message: Buffer.from(message),
      parameters: { quality: "high" },
      streamOffset: String(index + 10),
    }));
    const { answers, code, details } = await grpc.call("Run", requests, metadata);
    assert.equal(code, status.OK, details);
    assert.deepEqual(
      answers.map(({ streamOffset, traceID }) => `${streamOffset} ${traceID}`),
      ["10 grpc-0", "11 grpc-1", "12 grpc-2"],
    );
    ids.set("grpc", answers[0]?.messageID ?? "");
    ids.set("grpc 2", answers[1]?.messageID ?? "");
    ids.set("grpc 3", answers[2]?.messageID ?? "");
    const pieces = [
      {
        endpointPath: "clips",
        contentType: "video/mp4",
        fileName: "clip.mp4",
        message: Buffer.alloc(3_000_000, 1),
      },
      ...[2, 3].map((value) => ({ message: Buffer.alloc(3_000_000, value) })),
    ];
    const upload = await grpc.call("Upload", pieces, metadata);
    assert.deepEqual(
      [upload.code, upload.answers.map(({ streamOffset }) => streamOffset)],
      [status.OK, ["9000000"]],
      upload.details,
    );
    ids.set("clip", upload.answers[0]?.messageID ?? "");
  });

  it("refuses calls by the codes of gRPC", async () => {
    const metadata = { "x-api-key": key };
    const codeOf = async (
      request: object,
      proof: Readonly<Record<string, string>> = metadata,
    ): Promise<number> =>
      (await grpc.call("Run", [{ endpointPath: "frames", message: Buffer.from("x"), ...request }], proof))
        .code;
    assert.equal(await codeOf({}, {}), status.UNAUTHENTICATED);
    assert.equal(await codeOf({}, { "x-api-key": "wrong" }), status.UNAUTHENTICATED);
    assert.equal(await codeOf({ endpointPath: "nothing" }), status.NOT_FOUND);
    assert.equal(await codeOf({ endpointPath: "texts" }), status.NOT_FOUND);
    assert.equal(await codeOf({ deploymentOwner: "acme", deploymentName: "other" }), status.NOT_FOUND);
    assert.equal(await codeOf({ contentType: "text/plain" }), status.INVALID_ARGUMENT);
    assert.equal(await codeOf({ traceID: "../x" }), status.INVALID_ARGUMENT);
    assert.equal(await codeOf({ message: Buffer.alloc(1_000_000) }), status.RESOURCE_EXHAUSTED);
    assert.equal(await codeOf({ message: Buffer.alloc(9_000_000) }), status.RESOURCE_EXHAUSTED);
    assert.equal((await grpc.call("Upload", [], metadata)).code, status.INVALID_ARGUMENT);
    const before = await objects();
    const broken = grpc.start("Upload", metadata);
    broken.on("error", () => undefined);
    broken.write({ endpointPath: "clips", message: Buffer.alloc(3_000_000) });
    await eventually(
      "the call is there",
      async () => (await gateway.metric("algorun_gateway_upload_bytes")) > 0,
    );
    broken.cancel();
    await eventually(
      "the call has ended",
      async () => (await gateway.metric("algorun_gateway_upload_bytes")) === 0,
    );
    assert.equal(await objects(), before);
  });

  it("stays up whatever comes in on its ports", async () => {
    const { hostname, port } = new URL(gateway.http);
    const rubbish = [
      "\0\0\0\0",
      "GET",
      "POST / HTTP/9\r\n\r\n",
      "POST /%zz/%zz HTTP/1.1\r\nhost: a\r\n\r\n",
      "POST //a HTTP/1.1\r\nhost: a\r\n\r\n",
      "POST http:// HTTP/1.1\r\nhost: a\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
      `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`,
      `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-length: -1\r\n\r\n`,
      `POST /acme/orders/texts HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-type: ${"x".repeat(20_000)}\r\n\r\n`,
      `POST /acme/orders/texts/upload HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 9\r\n\r\n--b\r\n\r\nxx`,
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0\0\0\u0009\u0001\u0004\0\0\0\u0001zzzzzzzzz",
    ];
    const ports = [Number(port), plan.ports.grpc, plan.ports.metrics];
    await Promise.all(
      ports.flatMap((to) =>
        rubbish.map(async (bytes) => {
          await new Promise<void>((resolve) => {
            const socket = connect(to, hostname, () => socket.end(bytes, "latin1"));
            socket.setTimeout(3_000, () => socket.destroy());
            socket.on("error", () => undefined).on("data", () => undefined);
            socket.once("close", () => {
              resolve();
            });
          });
        }),
      ),
    );
    assert.equal(gateway.program.ended(), false, gateway.log);
    await sent("after rubbish", "/texts", ...text, "-d", "still there");
  });

  it("brought every message into Kafka, once, with its headers", async () => {
    const topics = plan.paths.map(({ topic }) => topic);
    arrived = await kafka.messagesIn(...topics);
    const byId = new Map(arrived.map((message) => [message.headers["messageID"] ?? "", message]));
    assert.deepEqual([...byId.keys()].sort(), [...ids.values()].sort());
    assert.equal(await kafka.countIn(...topics), ids.size);
    const message = (name: string): ConsumedMessage => {
      const found = byId.get(ids.get(name) ?? "");
      assert.ok(found, name);
      return found;
    };
    const { headers, value, key: partitionKey } = message("plain");
    assert.deepEqual([value, partitionKey], ["hello", headers["traceID"]]);
    assert.equal(headers["contentType"], "text/plain");
    assert.equal(headers["messageDataType"], "Embedded");
    assert.equal(headers["endpointParams"], '{"locale":"tr","size":"a b"}');
    assert.equal(message("traced").headers["traceID"], "trace-7");
    assert.equal(message("untyped").headers["contentType"], "text/plain");
    assert.equal(message("chunked").value, "in chunks");
    assert.match(message("propagated").headers["traceparent"] ?? "", /^00-0af7651916cd43dd8448eb211c80319c-/);
    const form = message("form");
    assert.deepEqual(
      [form.value, form.headers["fileName"], form.headers["endpointParams"]],
      ["a file", "form.txt", '{"color":"red"}'],
    );
    assert.equal(message("grpc").headers["endpointParams"], '{"quality":"high"}');
    const clip = JSON.parse(message("clip").value) as { size: number; fileName: string };
    assert.deepEqual([clip.size, clip.fileName], [9_000_000, "clip.mp4"]);
  });

  it("points to files that are as they were sent", async () => {
    const message = arrived.find(({ headers }) => headers["messageID"] === ids.get("file"));
    const reference = JSON.parse(message?.value ?? "{}") as {
      bucket: string;
      key: string;
      size: number;
      sha256: string;
    };
    const want = createHash("sha256")
      .update(Buffer.alloc(11 * 1024 * 1024, "photo"))
      .digest("hex");
    assert.deepEqual([reference.bucket, reference.size, reference.sha256], [bucket, 11 * 1024 * 1024, want]);
    assert.equal(reference.key, `photos/trace-8/${ids.get("file") ?? ""}`);
    const stored = await minio.asUserOf(bucket, "stat", "--json", `s/${bucket}/${reference.key}`);
    assert.equal((JSON.parse(stored) as { size: number }).size, reference.size);
    assert.equal(message?.headers["fileName"], "photo.png");
  });

  it("streams a file of 256 MiB in bounded memory", async () => {
    const megabytes = Number(process.env["GATEWAY_UPLOAD_MIB"] ?? "256");
    const resident = await gateway.metric("process_resident_memory_bytes");
    const file = join(folder, "large.png");
    writeFileSync(file, "");
    const { truncateSync } = await import("node:fs");
    truncateSync(file, megabytes * 1024 * 1024);
    const answer = await send(
      "/photos",
      ...photo,
      "-H",
      "transfer-encoding: chunked",
      "-m",
      "600",
      "-X",
      "POST",
      "-T",
      file,
    );
    assert.equal(answer.status, 202, answer.body);
    const grown = (await gateway.metric("process_resident_memory_bytes")) - resident;
    assert.ok(grown < 100 * 1024 * 1024, `it took ${Math.round(grown / 1024 / 1024)} MiB more`);
  });

  it("counts what it does", async () => {
    const text = await (await fetch(`${gateway.monitoring}/metrics`)).text();
    assert.match(
      text,
      /algorun_gateway_requests_total\{protocol="http",path="texts",status="202",.*deployment="acme.orders"/,
    );
    assert.match(text, /algorun_gateway_requests_total\{protocol="http",path="texts",status="413"/);
    assert.match(text, /algorun_gateway_requests_total\{protocol="grpc",path="frames",status="OK"/);
    assert.match(text, /algorun_gateway_messages_total\{path="texts",safe="kafka"/);
    assert.match(text, /algorun_gateway_kafka_duration_seconds_bucket/);
    assert.equal(await gateway.metric("algorun_gateway_in_flight_requests"), 0);
    assert.equal(await gateway.metric("algorun_gateway_in_flight_bytes"), 0);
  });

  it("ends by SIGTERM with exit code 0, after what was begun", async () => {
    await gateway.program.stop("SIGTERM");
    assert.match(gateway.log, /"msg":"drained"/);
  });
});
