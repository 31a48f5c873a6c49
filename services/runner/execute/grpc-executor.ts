import { mkdir } from "node:fs/promises";
import { credentials, Metadata, status, type Client, type ServiceError } from "@grpc/grpc-js";
import { RunFailure, SurroundingsFailure } from "../failure";
import type { Payload } from "../messages/payload";
import { algoService, type RunRequest, type RunResponse } from "../grpc-service";
import type { RunnerConfig } from "../runner-config";
import { collectAtMost, embeddedBytes } from "./collect";
import type { Execution, Executor, Produced } from "./executor";
import { fileOutputs, isRead, placeOf, producedFiles } from "./produced-files";
import { algoHost, untilListening } from "./server-port";

const runPath = "/algorun.v1.Algo/Run";
/** How long is waited for a connection at once. */
const connectMs = 2_000;

/** Calls `algorun.v1.Algo/Run` of the algo's server, which is beside the runner in its pod, once for each message. */
export class GrpcExecutor implements Executor {
  private readonly clients = new Map<number, Client>();
  private readonly service = algoService();

  constructor(private readonly config: Pick<RunnerConfig, "inputs" | "outputs" | "timeoutSeconds">) {}

  async ready(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.config.inputs.flatMap(({ grpc }) => (grpc ? [untilListening(grpc.port, signal)] : [])),
    );
  }

  async execute(execution: Execution): Promise<readonly Produced[]> {
    const { input, payload, folders, signal, metadata } = execution;
    const { outputs } = this.config;
    const port = input.grpc?.port;
    if (port === undefined) throw new Error(`the input ${input.name} has no port`);
    const files = await this.places(execution);
    const request: RunRequest = {
      data: await wholeOf(payload, signal),
      contentType: payload.contentType ?? "",
      fileName: payload.fileName ?? "",
      input: input.name,
      parameters: Object.fromEntries(execution.parameters.map(({ name, value = "" }) => [name, value])),
      traceId: decodeURIComponent(metadata["x-algorun-trace-id"] ?? ""),
      files,
    };
    const { data, contentType } = await this.call(port, request, metadata, signal);
    const answers = outputs.filter(({ delivery }) => delivery === "HttpResponse").filter(isRead);
    return [
      ...answers.map((output) => ({
        output,
        content: { bytes: data },
        contentType: contentType || undefined,
      })),
      ...(await producedFiles(outputs, folders)),
    ];
  }

  private async places({ folders }: Execution): Promise<Record<string, string>> {
    const written = fileOutputs(this.config.outputs);
    if (written.length > 0) await folders.make();
    const places: Record<string, string> = {};
    for (const output of written) {
      const place = placeOf(output, folders);
      if (output.delivery === "FolderParameter") await mkdir(place, { recursive: true });
      places[output.parameter ?? output.name] = place;
    }
    return places;
  }

  private async call(
    port: number,
    request: RunRequest,
    metadata: Execution["metadata"],
    signal: AbortSignal,
  ): Promise<RunResponse> {
    const client = this.clientOf(port);
    const method = Object.values(this.service.service).find(({ path }) => path === runPath);
    if (method === undefined) throw new Error(`algo.proto has no ${runPath}`);
    const { timeoutSeconds } = this.config;
    await untilConnected(client);
    return await new Promise<RunResponse>((resolve, reject) => {
      const call = client.makeUnaryRequest<RunRequest, RunResponse>(
        runPath,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        Metadata.fromHttp2Headers(metadata),
        { deadline: Date.now() + timeoutSeconds * 1000 },
        (error, response) => {
          signal.removeEventListener("abort", cancel);
          if (signal.aborted) reject(abortion(signal));
          else if (error !== null) reject(failureOf(error, timeoutSeconds));
          else if (response === undefined) reject(new RunFailure("Connection", "no answer"));
          else resolve(response);
        },
      );
      const cancel = (): void => {
        call.cancel();
      };
      signal.addEventListener("abort", cancel, { once: true });
    });
  }

  private clientOf(port: number): Client {
    const known = this.clients.get(port);
    if (known !== undefined) return known;
    const client = new this.service(`${algoHost}:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": embeddedBytes,
      "grpc.max_send_message_length": embeddedBytes * 2,
      "grpc.initial_reconnect_backoff_ms": 200,
      "grpc.max_reconnect_backoff_ms": 2_000,
    });
    this.clients.set(port, client);
    return client;
  }
}

/** Returns when there is a connection. What fails later is the algo's failure: its server may have ended because of it. */
async function untilConnected(client: Client): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.waitForReady(Date.now() + connectMs, (error) => {
      if (error === undefined) resolve();
      else reject(new SurroundingsFailure("the algo's server takes no gRPC connection"));
    });
  });
}

/** A gRPC message is in memory as a whole. */
async function wholeOf(payload: Payload, signal: AbortSignal): Promise<Buffer> {
  const tooLarge = (): RunFailure =>
    new RunFailure(
      "InputTooLarge",
      `the input is larger than ${embeddedBytes} bytes, the most that a gRPC message holds here; an algo with the executor http takes it`,
    );
  if ((payload.size ?? 0) > embeddedBytes) throw tooLarge();
  return payload.bytes ?? (await collectAtMost(await payload.open(signal), embeddedBytes, tooLarge));
}

function failureOf(error: ServiceError, seconds: number): RunFailure {
  if (error.code === status.DEADLINE_EXCEEDED)
    return new RunFailure("TimeOut", `no answer after ${seconds} s`);
  return new RunFailure("Status", `${status[error.code]}: ${error.details}`, { status: error.code });
}

function abortion({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error("given up");
}
