import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { trace } from "@opentelemetry/api";
import { createLogger, createMetrics } from "@algorun/common";
import { CircuitBreaker } from "../delivery/circuit-breaker";
import { Delivery } from "../delivery/delivery";
import { HttpServer } from "../http/http-server";
import { Intake } from "../intake/intake";
import { PathDirectory } from "../intake/path-directory";
import { ByteBudget } from "../limits/byte-budget";
import { GatewayMetrics } from "../monitoring/gateway-metrics";

describe("What is no request of the endpoint", () => {
  process.env["LOG_LEVEL"] = "silent";
  const logger = createLogger({ deployment: "", pipeline: "", component: "", instance: "" });
  let server: HttpServer;
  let port: number;

  before(async () => {
    const delivery = new Delivery({
      producer: { send: () => Promise.resolve(), refuses: () => false, pendingBytes: 0 },
      breaker: new CircuitBreaker({ fails: 1, timeout: 1, requests: 1, interval: 0 }),
      modeOf: () => "disable",
      logs: new Map(),
      confirmMs: 1000,
      pendingBytes: 1000,
    });
    const budget = new ByteBudget(1e6);
    const tracer = trace.getTracer("test");
    server = new HttpServer({
      intake: new Intake({ delivery, storage: undefined, bodies: budget, uploads: budget, tracer, logger }),
      paths: new PathDirectory({ deployment: { owner: "acme", name: "orders" }, copiesOf: [], paths: [] }),
      authentication: undefined,
      metrics: new GatewayMetrics(createMetrics({})),
      logger,
      requestSeconds: 5,
    });
    port = await server.listen({ host: "127.0.0.1", port: 0 });
  });

  after(async () => {
    await server.close();
  });

  const cases: readonly (readonly [what: string, status: number, request: string])[] = [
    ["a URL with half a host", 404, "GET //[ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"],
    ["a URL with no host", 400, "POST http:// HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"],
    ["no URL at all", 400, "OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"],
    ["a URL of another server's", 404, "POST //other/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"],
    ["a large head", 431, `POST / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}\r\n\r\n`],
    ["another protocol", 400, "POST / HTTP/9\r\n\r\n"],
  ];
  for (const [what, status, request] of cases) {
    it(`is answered with problem details: ${what}`, async () => {
      const socket = connect(port, "127.0.0.1");
      socket.write(request);
      const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(head, /content-type: application\/problem\+json/);
      assert.equal((JSON.parse(body) as { status: number }).status, status);
    });
  }
});
