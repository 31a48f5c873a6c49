import type { MessageHeaders, traceHeaders } from "@algorun/common";

/**
 * What an algo may want to know of a message, by names in lower case. What callers write is percent-encoded, since
 * headers of HTTP and metadata of gRPC take ASCII alone.
 */
export function runMetadata(
  { traceID, fileName }: MessageHeaders,
  run: string,
  { traceparent, tracestate }: ReturnType<typeof traceHeaders>,
): Readonly<Record<string, string>> {
  return {
    "x-algorun-run": run,
    ...(traceID === undefined ? {} : { "x-algorun-trace-id": encodeURIComponent(traceID) }),
    ...(fileName === undefined ? {} : { "x-algorun-file-name": encodeURIComponent(fileName) }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}
