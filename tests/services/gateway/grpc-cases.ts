import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { z } from "zod";
import { eventually } from "../../software/process-group";
import { key, type GatewayUnderTest } from "./gateway-under-test";
import { grpcurl } from "./grpcurl";

/** An answer as JSON has it: fields that are zero are left out. */
const answerSchema = z.object({
  traceID: z.string(),
  messageID: z.string(),
  streamOffset: z.string().optional(),
});

/** What callers by gRPC notice. */
export function testGrpc(fixture: GatewayUnderTest): void {
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
    const { answers, code, details } = await fixture.grpc.call("Run", requests, metadata);
    assert.equal(code, status.OK, details);
    assert.deepEqual(
      answers.map(({ streamOffset, traceID }) => `${streamOffset} ${traceID}`),
      ["10 grpc-0", "11 grpc-1", "12 grpc-2"],
    );
    fixture.ids.set("grpc", answers[0]?.messageID ?? "");
    fixture.ids.set("grpc 2", answers[1]?.messageID ?? "");
    fixture.ids.set("grpc 3", answers[2]?.messageID ?? "");
    const pieces = [
      {
        endpointPath: "clips",
        contentType: "video/mp4",
        fileName: "clip.mp4",
        message: Buffer.alloc(3_000_000, 1),
      },
      ...[2, 3].map((value) => ({ message: Buffer.alloc(3_000_000, value) })),
    ];
    const upload = await fixture.grpc.call("Upload", pieces, metadata);
    assert.deepEqual(
      [upload.code, upload.answers.map(({ streamOffset }) => streamOffset)],
      [status.OK, ["9000000"]],
      upload.details,
    );
    fixture.ids.set("clip", upload.answers[0]?.messageID ?? "");
  });

  it("is called by a client in another language that has the published file alone", async () => {
    const { grpc: address } = fixture.gateway;
    const frame = {
      endpointPath: "frames",
      traceID: "go-1",
      message: Buffer.from("from Go").toString("base64"),
    };
    const run = await grpcurl(address, "Run", [{ ...frame, streamOffset: 7 }, frame], [`x-api-key: ${key}`]);
    assert.equal(run.code, "OK");
    const answers = z.array(answerSchema).parse(run.answers);
    assert.deepEqual(
      answers.map(({ traceID, streamOffset }) => `${traceID} ${streamOffset ?? ""}`),
      ["go-1 7", "go-1 "],
    );
    for (const [index, { messageID }] of answers.entries()) fixture.ids.set(`grpcurl ${index}`, messageID);
    const piece = { ...frame, endpointPath: "clips", contentType: "video/mp4" };
    const upload = await grpcurl(address, "Upload", [piece, piece], [`x-api-key: ${key}`]);
    const [stored] = z.array(answerSchema).parse(upload.answers);
    assert.equal(stored?.streamOffset, "14");
    fixture.ids.set("grpcurl clip", stored.messageID);
    assert.equal((await grpcurl(address, "Run", [frame])).code, "Unauthenticated");
    const other = await grpcurl(address, "Run", [{ ...frame, endpointPath: "no" }], [`x-api-key: ${key}`]);
    assert.equal(other.code, "NotFound");
  });

  it("refuses calls by the codes of gRPC", async () => {
    const metadata = { "x-api-key": key };
    const codeOf = async (
      request: object,
      proof: Readonly<Record<string, string>> = metadata,
    ): Promise<number> =>
      (
        await fixture.grpc.call(
          "Run",
          [{ endpointPath: "frames", message: Buffer.from("x"), ...request }],
          proof,
        )
      ).code;
    assert.equal(await codeOf({}, {}), status.UNAUTHENTICATED);
    assert.equal(await codeOf({}, { "x-api-key": "wrong" }), status.UNAUTHENTICATED);
    assert.equal(await codeOf({ endpointPath: "nothing" }), status.NOT_FOUND);
    assert.equal(await codeOf({ endpointPath: "texts" }), status.NOT_FOUND);
    assert.equal(await codeOf({ deploymentOwner: "acme", deploymentName: "other" }), status.NOT_FOUND);
    assert.equal(await codeOf({ contentType: "text/plain" }), status.INVALID_ARGUMENT);
    assert.equal(await codeOf({ traceID: "../x" }), status.INVALID_ARGUMENT);
    assert.equal(await codeOf({ message: Buffer.alloc(1_000_000) }), status.RESOURCE_EXHAUSTED);
    assert.equal(await codeOf({ message: Buffer.alloc(9_000_000) }), status.RESOURCE_EXHAUSTED);
    assert.equal((await fixture.grpc.call("Upload", [], metadata)).code, status.INVALID_ARGUMENT);
    const before = await fixture.objects();
    const broken = fixture.grpc.start("Upload", metadata);
    broken.on("error", () => undefined);
    broken.write({ endpointPath: "clips", message: Buffer.alloc(3_000_000) });
    await eventually(
      "the call is there",
      async () => (await fixture.gateway.metric("algorun_gateway_upload_bytes")) > 0,
    );
    broken.cancel();
    await eventually(
      "the call has ended",
      async () => (await fixture.gateway.metric("algorun_gateway_upload_bytes")) === 0,
    );
    assert.equal(await fixture.objects(), before);
  });
}
