import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { Metadata } from "@grpc/grpc-js";
import { answerRun } from "../grpc/pipeline-endpoint";
import { GatewayProblem } from "../intake/gateway-problem";
import type { Delivered, IntakeRequest } from "../intake/intake";
import { PathDirectory } from "../intake/path-directory";

const path = { isDefault: false, protocol: "grpc", maxBodyBytes: 1e6 } as const;
const paths = new PathDirectory({
  deployment: { owner: "acme", name: "orders" },
  copiesOf: [],
  paths: [
    { ...path, name: "frames", topic: "frames", messageDataType: "Embedded" },
    { ...path, name: "clips", topic: "clips", messageDataType: "FileReference" },
  ],
});

/** A call, and messages that get safe when a test says so. */
class CallUnderTest {
  readonly answered: string[] = [];
  private readonly waiting: { readonly request: IntakeRequest; readonly settle: (error?: Error) => void }[] =
    [];
  private readonly call = Object.assign(
    new Duplex({
      objectMode: true,
      read: () => undefined,
      write: ({ streamOffset }: { streamOffset: string }, _encoding, done) => {
        this.answered.push(streamOffset);
        done();
      },
    }),
    { cancelled: false, metadata: new Metadata() },
  );
  readonly ended: Promise<void>;

  constructor() {
    this.call.on("error", () => undefined);
    const intake = { take: (request: IntakeRequest) => this.take(request) };
    this.ended = answerRun(this.call, { intake, paths, onDelivered: () => undefined });
    this.ended.catch(() => this.call.destroy());
  }

  /** Brings requests, numbered in their order, and lets the gateway do what it can. */
  async bring(
    requests: readonly { readonly endpointPath?: string; readonly traceID?: string }[],
  ): Promise<void> {
    const first = this.waiting.length;
    for (const [index, request] of requests.entries())
      this.call.push({
        deploymentOwner: "",
        deploymentName: "",
        endpointPath: "frames",
        traceID: "",
        contentType: "",
        message: Buffer.from("x"),
        parameters: {},
        streamOffset: String(first + index),
        fileName: "",
        ...request,
      });
    await this.settled();
  }

  async end(): Promise<void> {
    this.call.push(null);
    await this.ended;
  }

  /** Messages that were taken so far. */
  get taken(): number {
    return this.waiting.length;
  }

  /** A message gets safe, or is refused. */
  async settle(index: number, error?: Error): Promise<void> {
    this.waiting[index]?.settle(error);
    await this.settled();
  }

  private async take(request: IntakeRequest): Promise<Delivered> {
    await new Promise<void>((resolve, reject) => {
      const settle = (error?: Error): void => {
        if (error === undefined) resolve();
        else reject(error);
      };
      this.waiting.push({ request, settle });
    });
    return { traceId: request.traceId, messageId: "m", safe: "kafka", size: 1 };
  }

  private async settled(): Promise<void> {
    for (let turns = 0; turns < 20; turns += 1) await turn();
  }
}

describe("A call that brings messages", () => {
  it("is read ahead of its answers, which come in turn", async () => {
    const call = new CallUnderTest();
    await call.bring([{}, {}, {}]);
    assert.equal(call.taken, 3);
    await call.settle(2);
    await call.settle(1);
    assert.deepEqual(call.answered, []);
    await call.settle(0);
    assert.deepEqual(call.answered, ["0", "1", "2"]);
    await call.end();
  });

  it("is not read further than a caller is owed 64 answers", async () => {
    const call = new CallUnderTest();
    await call.bring(Array.from({ length: 100 }, () => ({})));
    assert.equal(call.taken, 64);
    await call.settle(0);
    assert.equal(call.taken, 65);
  });

  it("has messages of one trace, and files, one after the other", async () => {
    const call = new CallUnderTest();
    await call.bring([{ traceID: "a" }, { traceID: "a" }]);
    assert.equal(call.taken, 1);
    await call.settle(0);
    await call.settle(1);
    await call.bring([{ endpointPath: "clips" }, { endpointPath: "clips" }, {}]);
    assert.equal(call.taken, 3);
    await call.settle(2);
    assert.equal(call.taken, 4);
    await call.settle(3);
    assert.equal(call.taken, 5);
  });

  it("fails with a message that is refused, at once, and not before those ahead of it are answered", async () => {
    const call = new CallUnderTest();
    await call.bring([{}, {}, {}]);
    await call.settle(1, new GatewayProblem("unavailable", "Kafka is away"));
    await call.settle(2);
    assert.deepEqual(call.answered, []);
    await call.settle(0);
    await assert.rejects(call.ended, /Kafka is away/);
    assert.deepEqual(call.answered, ["0"]);
  });

  it("fails with a request for nothing that is there, once those ahead of it are answered", async () => {
    const call = new CallUnderTest();
    await call.bring([{}, { endpointPath: "nowhere" }]);
    await call.settle(0);
    await assert.rejects(call.ended, /no such path/);
    assert.deepEqual(call.answered, ["0"]);
  });
});
