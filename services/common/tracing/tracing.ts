import { propagation, ROOT_CONTEXT, trace, type Context, type Tracer } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { ServiceIdentity } from "../monitoring/logger";

/** Spans of a service. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what has not been sent. */
  close(): Promise<void>;
}

/**
 * Starts tracing. Spans are exported by OTLP over HTTP when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; otherwise none are
 * made, and the context of callers is passed on as it came. Contexts are passed on by hand: what would carry them along
 * by itself (AsyncLocalStorage) makes Node 20 call hooks for each promise there is.
 */
export function startTracing({ deployment, pipeline, component, instance }: ServiceIdentity): Tracing {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  if (process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] === undefined) {
    return { tracer: trace.getTracer("algorun"), close: () => Promise.resolve() };
  }
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      "service.namespace": deployment,
      "service.name": component,
      "service.instance.id": instance,
      "algorun.pipeline": pipeline,
    }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  trace.setGlobalTracerProvider(provider);
  return { tracer: provider.getTracer("algorun"), close: () => provider.shutdown() };
}

/** The context that a message or a request came with. */
export function contextOfHeaders(headers: {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}): Context {
  return propagation.extract(ROOT_CONTEXT, headers);
}

/** The headers that carry a context on. */
export function traceHeaders(from: Context): { readonly traceparent?: string; readonly tracestate?: string } {
  const headers: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(from, headers);
  return headers;
}
