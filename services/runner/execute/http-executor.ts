import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { mkdir } from "node:fs/promises";
import { timeLimit } from "@algorun/common";
import { failureOf, RunFailure, SurroundingsFailure } from "../failure";
import type { InputConfig, OutputConfig, RunnerConfig } from "../runner-config";
import { collectBytes, collectFile } from "./collect";
import type { Execution, Executor, Produced } from "./executor";
import { asQuery } from "./parameters";
import { fileOutputs, isRead, placeOf, producedFiles } from "./produced-files";
import { isBodiless, RequestBody } from "./request-body";
import { algoHost, untilListening } from "./server-port";

const messageBytes = 1_000;

/** Asks the algo's server, which is beside the runner in its pod, once for each message. */
export class HttpExecutor implements Executor {
  private readonly http = new HttpAgent({ keepAlive: true });
  // The server is in this pod, behind no name that a certificate could be for.
  private readonly https = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });

  constructor(private readonly config: Pick<RunnerConfig, "inputs" | "outputs" | "timeoutSeconds">) {}

  async ready(signal: AbortSignal): Promise<void> {
    const ports = new Set(this.config.inputs.flatMap(({ http }) => (http === undefined ? [] : [http.port])));
    await Promise.all([...ports].map((port) => untilListening(port, signal)));
  }

  async execute(execution: Execution): Promise<readonly Produced[]> {
    const { folders } = execution;
    const { outputs, timeoutSeconds } = this.config;
    const answers = outputs.filter(({ delivery }) => delivery === "HttpResponse").filter(isRead);
    const isStored = answers.some(({ messageDataType }) => messageDataType === "FileReference");
    if (isStored || fileOutputs(outputs).length > 0) await folders.make();
    const body = await RequestBody.of(execution);
    // Its time begins when it can be given something: it is not to blame for storage that hangs.
    const limit = timeLimit(timeoutSeconds * 1000, execution.signal, "the time is up");
    let starved: SurroundingsFailure | undefined;
    // Before the request ends for the same reason, and nobody can tell any more what it waited for.
    limit.signal.addEventListener("abort", () => (starved = body.failure()), { once: true });
    try {
      const response = await this.ask(execution, body, limit.signal);
      const contentType = response.headers["content-type"];
      const content = await contentOf(response, answers, join(folders.output, "response"));
      const answered = answers.map((output) => ({ output, content, contentType }));
      return [...answered, ...(await producedFiles(outputs, folders))];
    } catch (error) {
      execution.signal.throwIfAborted();
      if (limit.isOver) throw starved ?? new RunFailure("TimeOut", `no answer after ${timeoutSeconds} s`);
      const failure = failureOf(error);
      throw failure === error || failure instanceof SurroundingsFailure
        ? failure
        : new RunFailure("Connection", String(error));
    } finally {
      limit.release();
      body.close();
    }
  }

  /** @returns an answer that is a success */
  private async ask(execution: Execution, body: RequestBody, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.send(execution, body, signal);
    const { statusCode: status = 0 } = response;
    if (status >= 200 && status < 300) return response;
    const failure = new RunFailure("Status", `status ${status}: ${await excerptOf(response)}`, { status });
    // Its connection can't be used again while there is more to come.
    response.destroy();
    throw failure;
  }

  private async send(execution: Execution, body: RequestBody, signal: AbortSignal): Promise<IncomingMessage> {
    for (;;) {
      const request = await this.request(execution, signal);
      try {
        return await responseTo(request, body, signal);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        // A server may close a connection that nobody uses just when somebody does.
        if (request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE") && !signal.aborted) continue;
        if (code === "ECONNREFUSED") throw new SurroundingsFailure("the algo's server does not listen");
        throw error;
      }
    }
  }

  private async request(execution: Execution, signal: AbortSignal): Promise<ClientRequest> {
    const { input, payload, metadata } = execution;
    const { verb, port, path, headers } = httpOf(input);
    const query = asQuery([...execution.parameters, ...(await this.outputParameters(execution))]);
    const isSecure = input.delivery === "Https";
    const options = {
      host: algoHost,
      port,
      method: verb,
      path: query === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${query}`,
      agent: isSecure ? this.https : this.http,
      signal,
      headers: {
        ...metadata,
        ...(payload.contentType === undefined ? {} : { "content-type": payload.contentType }),
        ...(payload.size === undefined || isBodiless(verb) ? {} : { "content-length": String(payload.size) }),
        ...headers,
      },
    };
    return isSecure ? httpsRequest(options) : httpRequest(options);
  }

  /** Where the server is to write files, by the names of the outputs' parameters. */
  private async outputParameters({
    folders,
  }: Execution): Promise<readonly { name: string; value: string }[]> {
    return await Promise.all(
      fileOutputs(this.config.outputs).map(async (output) => {
        const place = placeOf(output, folders);
        if (output.delivery === "FolderParameter") await mkdir(place, { recursive: true });
        return { name: output.parameter ?? output.name, value: place };
      }),
    );
  }
}

/** What the server answers, in memory or in a file; what nobody reads is dropped as it comes. */
async function contentOf(
  response: IncomingMessage,
  answers: readonly OutputConfig[],
  file: string,
): Promise<Produced["content"]> {
  if (answers.length === 0) {
    await finished(response.resume());
    return { bytes: Buffer.alloc(0) };
  }
  if (answers.every(({ messageDataType }) => messageDataType === "Embedded"))
    return { bytes: await collectBytes(response) };
  await collectFile(response, file);
  return { file };
}

/** The beginning of what the server says of its failure. */
async function excerptOf(response: IncomingMessage): Promise<string> {
  let said = Buffer.alloc(0);
  try {
    for await (const chunk of response.iterator({ destroyOnReturn: false })) {
      said = Buffer.concat([said, Buffer.from(chunk as Uint8Array)]);
      if (said.length >= messageBytes) break;
    }
  } catch {
    // What has come is all that there is.
  }
  return said.subarray(0, messageBytes).toString();
}

function httpOf({ http, name }: InputConfig): NonNullable<InputConfig["http"]> {
  if (http === undefined) throw new Error(`the input ${name} has no address`);
  return http;
}

async function responseTo(
  request: ClientRequest,
  body: RequestBody,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", (answer) => {
      // An answer may come before all is sent, and who gave it need not read the rest.
      answer.once("close", () => {
        if (!request.writableFinished) request.destroy();
      });
      resolve(answer);
    });
    request.on("error", reject);
  });
  // It may fail while the body is still being opened.
  response.catch(() => undefined);
  await body.send(request, signal).catch((error: unknown) => {
    request.destroy();
    throw error;
  });
  return await response;
}
