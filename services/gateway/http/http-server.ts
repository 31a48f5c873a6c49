import type { IncomingMessage } from "node:http";
import { contextOfHeaders, type ListenAddress, type Logger } from "@algorun/common";
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Authentication } from "../authentication/authentication";
import { GatewayProblem } from "../intake/gateway-problem";
import type { Delivered, Intake } from "../intake/intake";
import type { PathDirectory } from "../intake/path-directory";
import { traceIdOf } from "../intake/trace-id";
import { silenceMs } from "../limits/unless-silent";
import type { GatewayMetrics } from "../monitoring/gateway-metrics";
import { CallerGone } from "./caller-gone";
import { answerClientError } from "./answer-client-error";
import { problemOf, sendProblem } from "./problem-reply";
import { bodyOf, statedLength } from "./request-body";
import { parseParameters, parseTarget, parseUrl } from "./request-target";
import { isForm, readForm } from "./upload-form";

/** What an HTTP server is made from. */
export interface HttpServerOptions {
  readonly intake: Intake;
  readonly paths: PathDirectory;
  readonly authentication: Authentication | undefined;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Longest time of a request; 0: as long as it likes. */
  readonly requestSeconds: number;
}

/** Time for the head of a request. */
const headersTimeoutMs = 10_000;
/** Longer than the connections that Envoy keeps without use, an hour at most in its pool but 60 s by our edge's timeouts. */
const keepAliveMs = 75_000;
/** Each takes some kilobytes. */
const mostConnections = 12_000;
/** How long the rest of a refused body may come, so that its sender reads the answer before the connection ends. */
const lingerMs = 2_000;

/** Takes requests by HTTP. */
export class HttpServer {
  private readonly server: FastifyInstance;
  /** Requests whose senders wait for `100 Continue`. */
  private readonly hesitant = new WeakSet<IncomingMessage>();

  constructor(private readonly options: HttpServerOptions) {
    this.server = fastify({
      logger: false,
      exposeHeadRoutes: false,
      forceCloseConnections: "idle",
      keepAliveTimeout: keepAliveMs,
      requestTimeout: options.requestSeconds * 1000,
      connectionTimeout: silenceMs,
      http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 2_000 },
      clientErrorHandler: answerClientError,
      frameworkErrors: (error, _request, reply) => {
        sendProblem(reply, new GatewayProblem("badRequest", error.message), undefined);
      },
    });
    this.server.server.maxConnections = mostConnections;
    this.server.server.on("checkContinue", (request: IncomingMessage, response: unknown) => {
      this.hesitant.add(request);
      this.server.server.emit("request", request, response);
    });
    // Bodies are read by the intake, as far as it likes.
    this.server.removeAllContentTypeParsers();
    this.server.addContentTypeParser("*", (_request, _payload, done) => {
      done(null);
    });
    this.server.setErrorHandler((error, _request, reply) => {
      // Only a head that Fastify can't make sense of comes here.
      const reason = error instanceof Error ? error.message : "the request is not well-formed";
      sendProblem(reply, new GatewayProblem("badRequest", reason), undefined);
    });
    this.server.setNotFoundHandler(async (request, reply) => {
      await this.answer(request, reply);
    });
    this.server.all("/*", async (request, reply) => {
      await this.answer(request, reply);
    });
  }

  /** @returns the port */
  async listen({ host = "::", port }: ListenAddress): Promise<number> {
    await this.server.listen({ host, port });
    const address = this.server.server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** Takes no more connections, and waits for what is being answered. */
  async close(): Promise<void> {
    await this.server.close();
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { metrics, authentication, logger } = this.options;
    const started = performance.now();
    const labels = { protocol: "http", path: "" };
    metrics.inFlight.inc({ protocol: "http" });
    try {
      const delivered = await this.take(request, reply, labels);
      metrics.bytes.inc(labels, delivered.size);
      metrics.messages.inc({ path: labels.path, safe: delivered.safe });
      reply
        .code(202)
        .header("x-algorun-trace-id", delivered.traceId)
        .header("x-algorun-message-id", delivered.messageId)
        .send({ traceId: delivered.traceId, messageId: delivered.messageId });
    } catch (error) {
      if (error instanceof CallerGone) {
        reply.hijack();
        request.raw.destroy();
        metrics.requests.inc({ ...labels, status: "499" });
        return;
      }
      const problem = problemOf(error);
      if (problem.kind === "failed") logger.error({ err: error }, "a request failed");
      sendProblem(reply, problem, authentication?.challenge);
      this.discardRest(request.raw);
    } finally {
      metrics.inFlight.dec({ protocol: "http" });
      metrics.requestSeconds.observe(labels, (performance.now() - started) / 1000);
    }
    metrics.requests.inc({ ...labels, status: String(reply.statusCode) });
  }

  private async take(
    request: FastifyRequest,
    reply: FastifyReply,
    labels: { path: string },
  ): Promise<Delivered> {
    const { authentication, intake, paths } = this.options;
    const url = parseUrl(request.raw.url ?? "/");
    const target = parseTarget(url.pathname, (name) => paths.has(name));
    const path = paths.find(target.deployment, target.path, "http");
    labels.path = path.name;
    await authentication?.check(single(request.headers[authentication.header]));
    if (request.method !== "POST")
      throw new GatewayProblem("methodNotAllowed", `found ${request.method}, expected POST`);
    const parameters = parseParameters(url.searchParams);
    const traceId = traceIdOf(target.traceId);
    const common = { path, traceId, context: contextOfHeaders(traceContext(request)) };
    const length = statedLength(request.raw);
    if (target.isUpload && isForm(request.raw)) {
      this.welcome(request.raw, reply);
      const { fields, ...form } = await readForm(request.raw);
      // A form is longer than its file.
      return await intake.take({
        ...common,
        ...form,
        parameters: { ...parameters, ...fields },
        length: undefined,
      });
    }
    const contentType = request.headers["content-type"];
    const fileName = fileNameOf(request.headers["content-disposition"]);
    const body = this.welcomed(request.raw, reply);
    return await intake.take({ ...common, contentType, fileName, parameters, body, length });
  }

  /** The body; its sender is told to go on once it is asked for. */
  private async *welcomed(request: IncomingMessage, reply: FastifyReply): AsyncGenerator<Buffer> {
    this.welcome(request, reply);
    yield* bodyOf(request);
  }

  private welcome(request: IncomingMessage, reply: FastifyReply): void {
    if (this.hesitant.delete(request)) reply.raw.writeContinue();
  }

  /** The sender of a refused body is given time to read the answer, and no more. */
  private discardRest(request: IncomingMessage): void {
    if (request.complete) return;
    request.resume();
    const timer = setTimeout(() => {
      request.destroy();
    }, lingerMs);
    request.once("close", () => {
      clearTimeout(timer);
    });
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function traceContext({ headers }: FastifyRequest): {
  traceparent: string | undefined;
  tracestate: string | undefined;
} {
  return { traceparent: single(headers["traceparent"]), tracestate: single(headers["tracestate"]) };
}

/** RFC 6266: `attachment; filename="a.txt"; filename*=UTF-8''%E2%82%AC.txt`, of which the second counts. */
function fileNameOf(disposition: string | undefined): string | undefined {
  if (disposition === undefined) return undefined;
  const extended = /filename\*\s*=\s*UTF-8''(?<name>[^;\s]+)/i.exec(disposition)?.groups?.["name"];
  try {
    if (extended !== undefined) return decodeURIComponent(extended);
  } catch {
    throw new GatewayProblem("badRequest", "content-disposition is not well-formed: wrong percent-encoding");
  }
  const { quoted, token } =
    /filename\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<token>[^;\s]+))/i.exec(disposition)?.groups ?? {};
  return quoted?.replaceAll(/\\(.)/g, "$1") ?? token;
}
