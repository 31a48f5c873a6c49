import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { credentials, loadPackageDefinition, Metadata, type ClientDuplexStream } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { z } from "zod";
import type { PathConfig } from "./pipeline-config";

/** What is sent, and to whom. */
export interface SenderOptions {
  readonly path: PathConfig;
  readonly owner: string;
  readonly name: string;
  /** Of the endpoint's pod, with the port of the path's protocol. */
  readonly address: string;
  /** Keys of callers, who take turns. None: the endpoint asks for none. */
  readonly apiKeys: readonly string[];
  /** Pause between two messages, in milliseconds. */
  readonly pause: number;
  /** Names this run, so that its messages are known. */
  readonly run: string;
  /** Is told before a message is sent, since it may be delivered before its answer is here. */
  readonly onSend: (traceID: string) => void;
  /** Is told when the endpoint did not take a message. */
  readonly onRefused: (reason: string, traceID: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const types: Readonly<Record<string, string>> = {
  "audio/any": "audio/wav",
  "image/any": "image/png",
  "text/any": "text/plain",
  "video/any": "video/mp4",
};

function payload(path: PathConfig, number: number): { readonly type: string; readonly body: Buffer } {
  const { contentType = "application/octet-stream" } = path;
  const type = types[contentType] ?? contentType;
  const text = JSON.stringify({
    orderId: `demo-${number}`,
    items: [{ sku: "demo", count: 1 }],
    address: { city: "Bern" },
  });
  return { type, body: Buffer.from(text) };
}

function traceIdOf({ run, path }: SenderOptions, number: number): string {
  return `${run}-${path.name}-${number}`;
}

function keyOf({ apiKeys }: SenderOptions, number: number): string | undefined {
  return apiKeys[number % apiKeys.length];
}

/** Posts messages, one after the other, until the signal. */
export async function sendByHttp(options: SenderOptions): Promise<void> {
  const { address, name, owner, path, pause, signal } = options;
  for (let number = 1; !signal.aborted; number += 1) {
    const traceID = traceIdOf(options, number);
    const { type, body } = payload(path, number);
    const apiKey = keyOf(options, number);
    options.onSend(traceID);
    try {
      const answer = await fetch(`http://${address}/${owner}/${name}/${path.name}/${traceID}`, {
        method: "POST",
        body,
        headers: { "content-type": type, ...(apiKey === undefined ? {} : { "x-api-key": apiKey }) },
      });
      if (!answer.ok) options.onRefused(`${answer.status} ${await answer.text()}`, traceID);
    } catch (error) {
      options.onRefused(String(error), traceID);
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

interface RunRequest {
  readonly deploymentOwner: string;
  readonly deploymentName: string;
  readonly endpointPath: string;
  readonly traceID: string;
  readonly contentType: string;
  readonly message: Buffer;
}

interface EndpointClient {
  Run(metadata: Metadata): ClientDuplexStream<RunRequest, unknown>;
  close(): void;
}

const protocol = join(__dirname, "..", "services", "gateway", "pipeline-endpoint.proto");
const isConstructor = (value: unknown): boolean => typeof value === "function";
const packageSchema = z.object({
  PipelineEndpoint: z.custom<new (address: string, login: unknown) => EndpointClient>(isConstructor),
});

/** Streams messages in one call, until the signal; each is answered for itself. */
export async function sendByGrpc(options: SenderOptions): Promise<void> {
  const { address, name, owner, path, pause, signal } = options;
  const { PipelineEndpoint } = packageSchema.parse(
    loadPackageDefinition(loadSync(protocol, { defaults: true, keepCase: true })),
  );
  const client = new PipelineEndpoint(address, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set("x-algorun-deployment", `${owner}.${name}`);
  const apiKey = keyOf(options, 0);
  if (apiKey !== undefined) metadata.set("x-api-key", apiKey);
  const call = client.Run(metadata);
  const open = new Set<string>();
  const answered = z.object({ traceID: z.string() });
  call.on("data", (response: unknown) => open.delete(answered.parse(response).traceID));
  const ended = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      for (const traceID of open) options.onRefused(reason, traceID);
      open.clear();
      resolve();
    };
    call.once("end", () => {
      end("the call ended without an answer");
    });
    call.once("error", ({ message }: Error) => {
      end(message);
    });
  });
  for (let number = 1; !signal.aborted && call.writable; number += 1) {
    const traceID = traceIdOf(options, number);
    const { type, body } = payload(path, number);
    open.add(traceID);
    options.onSend(traceID);
    call.write({
      deploymentOwner: owner,
      deploymentName: name,
      endpointPath: path.name,
      traceID,
      contentType: type,
      message: body,
    });
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
  call.end();
  await ended;
  client.close();
}
