import { credentials, loadPackageDefinition, Metadata, type ClientDuplexStream } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { z } from "zod";

const answerSchema = z.object({ streamOffset: z.string(), traceID: z.string(), messageID: z.string() });

/** What a call was answered with, and how it ended. */
export interface CallResult {
  readonly answers: readonly z.output<typeof answerSchema>[];
  /** Name of gRPC's code: `OK`, or why it failed. */
  readonly code: number;
  readonly details: string;
}

/** A client made from the published file, as a caller's program is. */
export class EndpointClient {
  private readonly open: (method: string, metadata: Metadata) => ClientDuplexStream<object, unknown>;
  private readonly end: () => void;

  constructor(address: string) {
    const file = "services/gateway/pipeline-endpoint.proto";
    const loaded = loadPackageDefinition(loadSync(file, { keepCase: true, longs: String, defaults: true }));
    const constructor = loaded["PipelineEndpoint"];
    if (typeof constructor !== "function") throw new Error(`${file} has no service PipelineEndpoint`);
    const client = new constructor(address, credentials.createInsecure());
    const write = (request: object): Buffer => serialize(constructor, request);
    this.open = (method, metadata) =>
      client.makeBidiStreamRequest(
        `/PipelineEndpoint/${method}`,
        write,
        (bytes) => read(constructor, bytes),
        metadata,
      );
    this.end = () => {
      client.close();
    };
  }

  close(): void {
    this.end();
  }

  /** Makes a call with some requests, one after the other. */
  async call(
    method: "Run" | "Upload",
    requests: readonly object[],
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<CallResult> {
    const call = this.start(method, metadata);
    const answers: z.output<typeof answerSchema>[] = [];
    call.on("data", (answer: unknown) => answers.push(answerSchema.parse(answer)));
    // The status says it, too.
    call.on("error", () => undefined);
    const ended = new Promise<{ code: number; details: string }>((resolve) => call.once("status", resolve));
    for (const request of requests) call.write(request);
    call.end();
    const { code, details } = await ended;
    return { answers, code, details };
  }

  /** A call to do with as one likes. */
  start(
    method: "Run" | "Upload",
    metadata: Readonly<Record<string, string>> = {},
  ): ClientDuplexStream<object, unknown> {
    const sent = new Metadata();
    for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
    return this.open(method, sent);
  }
}

type Constructor = Extract<
  ReturnType<typeof loadPackageDefinition>[string],
  new (...args: never[]) => unknown
>;

function serialize(constructor: Constructor, request: object): Buffer {
  const run = constructor.service["Run"];
  if (run === undefined) throw new Error("the service has no method Run");
  return run.requestSerialize(request);
}

function read(constructor: Constructor, bytes: Buffer): unknown {
  const run = constructor.service["Run"];
  if (run === undefined) throw new Error("the service has no method Run");
  return run.responseDeserialize(bytes);
}
