import { json } from "node:stream/consumers";
import { z } from "zod";
import { TestServer } from "./test-server";

const attribute = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.coerce.number().optional() }),
});
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              attributes: z.array(attribute),
              status: z.object({ code: z.number().optional() }).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** A span that a service has exported. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** Whether it says that it failed. */
  readonly isError: boolean;
}

/** What services export spans to: a receiver of OTLP over HTTP. */
export class SpanReceiver extends TestServer {
  readonly spans: ReceivedSpan[] = [];

  constructor() {
    super((request, response) => {
      json(request).then(
        (body) => {
          this.take(body);
          response.writeHead(200, { "content-type": "application/json" }).end("{}");
        },
        () => response.writeHead(400).end(),
      );
    });
  }

  private take(body: unknown): void {
    for (const { resource, scopeSpans } of exported.parse(body).resourceSpans) {
      for (const { name, traceId, spanId, parentSpanId, attributes, status } of scopeSpans.flatMap(
        ({ spans }) => spans,
      )) {
        this.spans.push({
          name,
          traceId,
          spanId,
          parentSpanId,
          attributes: Object.fromEntries(
            [...resource.attributes, ...attributes].map(({ key, value }) => [
              key,
              value.stringValue ?? value.intValue,
            ]),
          ),
          isError: status?.code === 2,
        });
      }
    }
  }
}
