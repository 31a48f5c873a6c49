import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { eventually } from "../../software/process-group";
import type { ConsumedMessage } from "../test-kafka";
import { curl, type Answer } from "./curl";
import { acceptedSchema, bucket, GatewayUnderTest, key } from "./gateway-under-test";
import { testGrpc } from "./grpc-cases";
import { rubbishWith } from "./rubbish";

describe("A gateway, started with what its pod is given, with Kafka and MinIO", function () {
  this.timeout(60_000);
  const fixture = new GatewayUnderTest();
  const text = ["-H", "content-type: text/plain"] as const;
  const photo = ["-H", "content-type: image/png"] as const;
  let arrived: readonly ConsumedMessage[];

  before(async function () {
    this.timeout(600_000);
    await fixture.start();
  });

  after(async () => {
    await fixture.stop();
  });

  it("is ready, and healthy", async () => {
    assert.equal(await fixture.gateway.readiness(), 200);
    assert.equal((await fetch(`${fixture.gateway.monitoring}/health`)).status, 200);
  });

  it("takes bodies, and answers with the trace id and the message id", async () => {
    const traceId = await fixture.sent("plain", "/texts?locale=tr&size=a%20b", ...text, "-d", "hello");
    assert.match(traceId, /^[0-9a-f-]{36}$/);
    assert.equal(await fixture.sent("traced", "/texts/trace-7", ...text, "-d", "traced"), "trace-7");
    await fixture.sent("default", "", ...text, "-d", "by default");
    await fixture.sent("untyped", "/texts", "-H", "content-type:", "-d", "untyped");
    await fixture.sent("chunked", "/texts", ...text, "-H", "transfer-encoding: chunked", "-d", "in chunks");
    await fixture.sent(
      "propagated",
      "/anything",
      "-H",
      "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "-d",
      "x",
    );
    const form = join(fixture.folder, "form.txt");
    writeFileSync(form, "a file");
    await fixture.sent("form", "/texts/upload", "-F", "color=red", "-F", `file=@${form};type=text/plain`);
  });

  it("takes copies of another deployment's requests, and of no others", async () => {
    const [owner = "", name = ""] = fixture.copied.split(".");
    const post = (deployment: string): Promise<Answer> =>
      curl(
        ...["-H", `x-api-key: ${key}`, ...text, "-d", "a copy"],
        `${fixture.gateway.http}/${owner}/${deployment}/texts`,
      );
    const { body, status } = await post(name);
    assert.equal(status, 202, body);
    fixture.ids.set("copy", acceptedSchema.parse(JSON.parse(body)).messageId);
    assert.equal((await post("other")).status, 404);
  });

  it("stores files, of which a message is the pointer", async () => {
    const file = join(fixture.folder, "photo.png");
    writeFileSync(file, Buffer.alloc(11 * 1024 * 1024, "photo"));
    await fixture.sent(
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
    await fixture.sent("small file", "/photos", ...photo, "-d", "small");
  });

  it("refuses what it is not for, with a reason", async () => {
    assert.match(await fixture.refused(404, "/nothing", "-d", ""), /no such path/);
    assert.match(await fixture.refused(404, "/frames", "-d", ""), /gRPC alone/);
    assert.match(await fixture.refused(404, "/texts/a/b/c", "-d", ""), /expected/);
    assert.match(await fixture.refused(405, "/texts"), /found GET/);
    assert.match(
      await fixture.refused(415, "/texts", "-H", "content-type: image/png", "-d", "x"),
      /expected text\/plain/,
    );
    assert.match(await fixture.refused(400, "/texts/..bad", "--path-as-is", ...text, "-d", "x"), /trace id/);
    assert.match(await fixture.refused(400, "/texts?a=1&a=2", ...text, "-d", "x"), /stated twice/);
    assert.match(await fixture.refused(400, "/texts/upload", "-F", "color=red"), /no file/);
    const other = await curl(
      "-H",
      `x-api-key: ${key}`,
      "-d",
      "x",
      `${fixture.gateway.http}/acme/other/texts`,
    );
    assert.equal(other.status, 404);
  });

  it("refuses bodies that are too large, also when they don't say how large they are", async () => {
    const large = join(fixture.folder, "large.txt");
    writeFileSync(large, "x".repeat(65_537));
    assert.match(await fixture.refused(413, "/texts", ...text, "--data-binary", `@${large}`), /65536 bytes/);
    const huge = join(fixture.folder, "huge.txt");
    writeFileSync(huge, "x".repeat(4 * 1024 * 1024));
    const chunked = ["-H", "transfer-encoding: chunked", "--data-binary", `@${huge}`];
    assert.match(await fixture.refused(413, "/texts", ...text, ...chunked), /65536 bytes/);
    writeFileSync(large, "x".repeat(65_536));
    await fixture.sent("largest", "/texts", ...text, "--data-binary", `@${large}`);
  });

  it("lets in who has a key, and reads them again when they change", async () => {
    const url = `${fixture.gateway.http}/acme/orders/texts`;
    for (const header of ["x-other: 1", "x-api-key: wrong", "x-api-key;"]) {
      const { headers, status: code } = await curl("-H", header, ...text, "-d", "x", url);
      assert.equal(code, 401, header);
      assert.match(headers, /www-authenticate: /);
    }
    const other = "another-key-of-a-new-caller";
    fixture.allow("web-shop", other);
    await eventually("the new key is known", async () => {
      const { status: code, body } = await curl(
        "-H",
        `x-api-key: ${other}`,
        ...text,
        "-d",
        "by the new key",
        url,
      );
      if (code === 202) fixture.ids.set("new key", acceptedSchema.parse(JSON.parse(body)).messageId);
      return code === 202;
    });
    rmSync(join(fixture.keys, "web-shop"));
    await eventually("the key is forgotten", async () => {
      const { status: code } = await curl("-H", `x-api-key: ${other}`, "-X", "GET", url);
      return code === 401;
    });
  });

  testGrpc(fixture);

  it("stays up whatever comes in on its ports", async () => {
    const { hostname, port } = new URL(fixture.gateway.http);
    const rubbish = rubbishWith(key);
    const ports = [Number(port), fixture.plan.ports.grpc, fixture.plan.ports.metrics];
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
    assert.equal(fixture.gateway.program.ended(), false, fixture.gateway.log);
    await fixture.sent("after rubbish", "/texts", ...text, "-d", "still there");
  });

  it("brought every message into Kafka, once, with its headers", async () => {
    const topics = fixture.plan.paths.map(({ topic }) => topic);
    arrived = await fixture.kafka.messagesIn(...topics);
    const byId = new Map(arrived.map((message) => [message.headers["messageID"] ?? "", message]));
    assert.deepEqual([...byId.keys()].sort(), [...fixture.ids.values()].sort());
    assert.equal(await fixture.kafka.countIn(...topics), fixture.ids.size);
    const message = (name: string): ConsumedMessage => {
      const found = byId.get(fixture.ids.get(name) ?? "");
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
    const message = arrived.find(({ headers }) => headers["messageID"] === fixture.ids.get("file"));
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
    assert.equal(reference.key, `photos/trace-8/${fixture.ids.get("file") ?? ""}`);
    const stored = await fixture.minio.asUserOf(bucket, "stat", "--json", `s/${bucket}/${reference.key}`);
    assert.equal((JSON.parse(stored) as { size: number }).size, reference.size);
    assert.equal(message?.headers["fileName"], "photo.png");
  });

  it("counts what it does", async () => {
    const text = await (await fetch(`${fixture.gateway.monitoring}/metrics`)).text();
    assert.match(
      text,
      /algorun_gateway_requests_total\{protocol="http",path="texts",status="202",.*deployment="acme.orders"/,
    );
    assert.match(text, /algorun_gateway_requests_total\{protocol="http",path="texts",status="413"/);
    assert.match(text, /algorun_gateway_requests_total\{protocol="grpc",path="frames",status="OK"/);
    assert.match(text, /algorun_gateway_messages_total\{path="texts",safe="kafka"/);
    assert.match(text, /algorun_gateway_kafka_duration_seconds_bucket/);
    assert.equal(await fixture.gateway.metric("algorun_gateway_in_flight_requests"), 0);
    assert.equal(await fixture.gateway.metric("algorun_gateway_in_flight_bytes"), 0);
  });

  it("ends by SIGTERM with exit code 0, after what was begun", async () => {
    await fixture.gateway.program.stop("SIGTERM");
    assert.match(fixture.gateway.log, /"msg":"drained"/);
  });
});
