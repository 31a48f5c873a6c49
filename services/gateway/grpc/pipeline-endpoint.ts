import { contextOfHeaders } from "@algorun/common";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { z } from "zod";
import { AnswerQueue } from "./answer-queue";
import { CallerGone } from "../http/caller-gone";
import { GatewayProblem } from "../intake/gateway-problem";
import type { Delivered, Intake, IntakeRequest } from "../intake/intake";
import type { PathDirectory } from "../intake/path-directory";
import { traceIdOf } from "../intake/trace-id";
import { silenceMs, unlessSilent } from "../limits/unless-silent";

/** A call, as far as it matters to what it is answered. */
export type Call = Pick<
  ServerDuplexStream<unknown, RunResponse>,
  "cancelled" | "iterator" | "metadata" | "write"
> & {
  once(event: "drain" | "cancelled" | "close", listener: () => void): unknown;
};

/** See `pipeline-endpoint.proto`. */
export interface RunResponse {
  readonly streamOffset: string;
  readonly traceID: string;
  readonly messageID: string;
}

/** What calls are answered with. */
export interface CallContext {
  readonly intake: Pick<Intake, "take">;
  readonly paths: PathDirectory;
  readonly onDelivered: (path: string, delivered: Delivered) => void;
}

const requestSchema = z.object({
  deploymentOwner: z.string(),
  deploymentName: z.string(),
  endpointPath: z.string(),
  traceID: z.string(),
  contentType: z.string(),
  message: z.instanceof(Buffer),
  parameters: z.record(z.string(), z.string()),
  streamOffset: z.string(),
  fileName: z.string(),
});

/**
 * A client in Node that breaks a call off ends its requests first, as if they were complete, and resets the stream right
 * behind that: a moment is waited for it, so that no half message is taken for a whole one.
 */
const farewellMs = 50;

type RunRequest = z.output<typeof requestSchema>;

/**
 * How far a call is read ahead of its answers: enough for a few thousand messages a second with a broker that takes ten
 * milliseconds, and little memory for each of many calls.
 */
const ahead = { messages: 64, bytes: 256 * 1024 };

/** Each request is a message. Some are read ahead, so that a slow gateway slows its callers. */
export async function answerRun(call: Call, callContext: CallContext): Promise<void> {
  const queue = new AnswerQueue<RunResponse>(ahead, (response) => write(call, response));
  const reading = readAhead(call, callContext, queue);
  // When a message fails, nobody waits for requests that may never come.
  reading.catch(() => undefined);
  await Promise.race([reading, queue.failed]);
}

async function readAhead(
  call: Call,
  callContext: CallContext,
  queue: AnswerQueue<RunResponse>,
): Promise<void> {
  for await (const request of requestsOf(call)) {
    const taken = await requested(request, call, callContext, queue);
    // A file takes memory of its own, and time: nothing else of the call is on its way beside it.
    const size = taken.path.messageDataType === "FileReference" ? ahead.bytes + 1 : request.message.length;
    await queue.room(taken.traceId, size);
    if (queue.hasFailed) return;
    queue.add(taken.traceId, size, answerTo(taken, request.streamOffset, callContext));
  }
  await queue.empty();
}

/** What a request asks for; those before it are answered before it is refused. */
async function requested(
  request: RunRequest,
  call: Call,
  callContext: CallContext,
  queue: AnswerQueue<RunResponse>,
): Promise<IntakeRequest> {
  try {
    return intakeRequest(request, call, callContext, pieces([request.message]), request.message.length);
  } catch (error) {
    await queue.empty();
    throw error;
  }
}

async function answerTo(
  taken: IntakeRequest,
  streamOffset: string,
  { intake, onDelivered }: CallContext,
): Promise<RunResponse> {
  const delivered = await intake.take(taken);
  onDelivered(taken.path.name, delivered);
  return { ...idsOf(delivered), streamOffset };
}

/** All requests are pieces of one message. */
export async function answerUpload(call: Call, callContext: CallContext): Promise<void> {
  const requests = unlessSilent(requestsOf(call), silenceMs);
  const first = await requests.next();
  if (first.done === true) throw new GatewayProblem("badRequest", "expected at least one request");
  const body = piecesOf(call, first.value, requests);
  const taken = intakeRequest(first.value, call, callContext, body, undefined);
  const delivered = await callContext.intake.take(taken);
  callContext.onDelivered(taken.path.name, delivered);
  await write(call, { ...idsOf(delivered), streamOffset: String(delivered.size) });
}

function intakeRequest(
  request: RunRequest,
  call: Call,
  { paths }: CallContext,
  body: AsyncIterable<Buffer>,
  length: number | undefined,
): IntakeRequest {
  const {
    deploymentOwner: owner,
    deploymentName: name,
    endpointPath,
    contentType,
    fileName,
    parameters,
  } = request;
  const deployment = owner === "" && name === "" ? undefined : `${owner}.${name}`;
  return {
    path: paths.find(deployment, textOf(endpointPath), "grpc"),
    traceId: traceIdOf(request.traceID),
    contentType: textOf(contentType),
    fileName: textOf(fileName),
    parameters,
    body,
    length,
    context: contextOfHeaders({
      traceparent: call.metadata.get("traceparent")[0]?.toString(),
      tracestate: call.metadata.get("tracestate")[0]?.toString(),
    }),
  };
}

async function* requestsOf(call: Call): AsyncGenerator<RunRequest> {
  try {
    for await (const request of call.iterator({ destroyOnReturn: false })) yield requestSchema.parse(request);
  } catch (error) {
    if (call.cancelled) throw new CallerGone("the caller went away", { cause: error });
    throw error;
  }
  if (call.cancelled) throw new CallerGone("the caller went away");
}

async function* piecesOf(
  call: Call,
  first: RunRequest,
  others: AsyncGenerator<RunRequest>,
): AsyncGenerator<Buffer> {
  yield first.message;
  for await (const { message } of others) yield message;
  await new Promise((resolve) => setTimeout(resolve, farewellMs));
  if (call.cancelled) throw new CallerGone("the caller went away");
}

async function* pieces(buffers: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const buffer of buffers) yield await Promise.resolve(buffer);
}

function idsOf({ traceId, messageId }: Delivered): { readonly traceID: string; readonly messageID: string } {
  return { traceID: traceId, messageID: messageId };
}

/** In protobuf, what is not stated is empty. */
function textOf(text: string): string | undefined {
  return text === "" ? undefined : text;
}

async function write(call: Call, response: RunResponse): Promise<void> {
  if (call.write(response) || call.cancelled) return;
  await new Promise<void>((resolve) => {
    call.once("drain", resolve);
    call.once("cancelled", resolve);
    call.once("close", resolve);
  });
}
