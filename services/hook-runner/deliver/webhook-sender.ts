import { SpanKind, SpanStatusCode, trace, type Context, type Span, type Tracer } from "@opentelemetry/api";
import {
  contextOfHeaders,
  decodeHeaders,
  errorText,
  timeLimit,
  traceHeaders,
  type FetchedMessage,
} from "@algorun/common";
import { request } from "undici";
import type { WebhookConfig } from "../hook-config";
import type { HookMetrics } from "../hook-metrics";
import { judgeAnswer, type FailedAttempt, type Verdict } from "./answer";
import { webhookId, webhookRequest } from "./webhook-request";
import { SecretFault } from "./webhook-secrets";

/** An answer up to this is read to its end, so that its connection serves again; a longer one is cut off. */
const longestAnswerBytes = 64 * 1024;

/** Makes one request, and says what its answer means. */
export class WebhookSender {
  constructor(
    private readonly config: WebhookConfig,
    private readonly answerMs: number,
    private readonly metrics: HookMetrics,
    private readonly tracer: Tracer,
  ) {}

  /** @param signal - gives the request up; what it is aborted with is thrown */
  async send(message: FetchedMessage, signal: AbortSignal): Promise<Verdict> {
    const { name: webhook, verb } = this.config;
    const parent = contextOfHeaders(decodeHeaders(message.headers));
    const attributes = {
      "http.request.method": verb,
      "server.address": new URL(this.config.url).hostname,
      "messaging.system": "kafka",
      "messaging.destination.name": message.topic,
      "messaging.message.id": webhookId(message),
      "algorun.webhook": webhook,
    };
    const span = this.tracer.startSpan(`${webhook} deliver`, { kind: SpanKind.CLIENT, attributes }, parent);
    const stop = this.metrics.attempt.startTimer({ webhook });
    try {
      const verdict = await this.request(message, signal, { span, context: trace.setSpan(parent, span) });
      if (verdict.kind !== "delivered") span.setStatus({ code: SpanStatusCode.ERROR, ...reasonOf(verdict) });
      return verdict;
    } catch (error) {
      signal.throwIfAborted();
      const failed = failureOf(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: failed.reason });
      return failed;
    } finally {
      stop();
      span.end();
    }
  }

  private async request(
    message: FetchedMessage,
    signal: AbortSignal,
    { span, context }: { readonly span: Span; readonly context: Context },
  ): Promise<Verdict> {
    const { url, verb } = this.config;
    const { headers, body } = await webhookRequest(this.config, message, Date.now(), traceHeaders(context));
    const limit = timeLimit(this.answerMs, signal, `no answer within ${this.answerMs / 1000} s`);
    try {
      // Not fetch, which takes several times the CPU for a message.
      const response = await request(url, {
        method: verb,
        headers: Object.fromEntries(headers),
        body,
        signal: limit.signal,
      });
      span.setAttribute("http.response.status_code", response.statusCode);
      // What is said beside the status changes nothing: it may fail.
      response.body
        .dump({ limit: longestAnswerBytes })
        .catch(() => undefined)
        .finally(() => {
          limit.release();
        });
      return judgeAnswer(response.statusCode, singleValue(response.headers["retry-after"]), Date.now());
    } catch (error) {
      limit.release();
      throw error;
    }
  }
}

function reasonOf(verdict: Verdict): { message?: string } {
  return verdict.kind === "failed" ? { message: verdict.reason } : {};
}

function failureOf(error: unknown): FailedAttempt {
  const failed = { kind: "failed", waitMs: 0 } as const;
  if (error instanceof SecretFault)
    return { ...failed, errorClass: "Secret", reason: error.message, isReceiverDown: false };
  const isLate = error instanceof Error && error.name === "TimeoutError";
  return {
    ...failed,
    errorClass: isLate ? "TimeOut" : "Connection",
    reason: errorText(error),
    isReceiverDown: true,
  };
}

/** A header that is there several times counts as it does the first time. */
function singleValue(header: string | readonly string[] | undefined): string | null {
  return (typeof header === "string" ? header : header?.[0]) ?? null;
}
