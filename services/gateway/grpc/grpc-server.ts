import { join } from "node:path";
import {
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ServerDuplexStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { ListenAddress, Logger } from "@algorun/common";
import type { Authentication } from "../authentication/authentication";
import { CallerGone } from "../http/caller-gone";
import { problemOf } from "../http/problem-reply";
import { problemKinds, type GatewayProblem } from "../intake/gateway-problem";
import type { Intake } from "../intake/intake";
import type { PathDirectory } from "../intake/path-directory";
import type { GatewayMetrics } from "../monitoring/gateway-metrics";
import { answerRun, answerUpload, type RunResponse } from "./pipeline-endpoint";

type Call = ServerDuplexStream<unknown, RunResponse>;

/** What a gRPC server is made from. */
export interface GrpcServerOptions {
  readonly intake: Pick<Intake, "take">;
  readonly paths: PathDirectory;
  readonly authentication: Authentication | undefined;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  /** Most bytes of one request on the wire. */
  readonly mostRequestBytes: number;
}

/** Calls on one connection at a time: Envoy opens another one for more. */
const mostStreams = 100;

/** Takes messages by gRPC, as `pipeline-endpoint.proto` has it. */
export class GrpcServer {
  private readonly server: Server;

  constructor(private readonly options: GrpcServerOptions) {
    this.server = new Server({
      "grpc.max_receive_message_length": options.mostRequestBytes,
      "grpc.max_concurrent_streams": mostStreams,
      // A connection whose other side is gone is noticed.
      "grpc.keepalive_time_ms": 60_000,
      "grpc.keepalive_timeout_ms": 20_000,
    });
    this.server.addService(serviceDefinition(), {
      Run: (call: Call) => void this.answer(call, answerRun),
      Upload: (call: Call) => void this.answer(call, answerUpload),
    });
  }

  async listen({ host = "[::]", port }: ListenAddress): Promise<void> {
    const address = host.includes(":") && !host.startsWith("[") ? `[${host}]:${port}` : `${host}:${port}`;
    await new Promise<void>((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** Takes no more calls, and waits for those that are being answered. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
  }

  /** Ends the calls that are being answered. */
  end(): void {
    this.server.forceShutdown();
  }

  private async answer(call: Call, work: typeof answerRun): Promise<void> {
    const { metrics, authentication, logger } = this.options;
    const started = performance.now();
    const labels = { protocol: "grpc", path: "" };
    let code = "OK";
    metrics.inFlight.inc({ protocol: "grpc" });
    // A call that was broken off says so by an error, too: it is heard where its requests are read.
    call.on("error", () => undefined);
    try {
      if (authentication !== undefined) {
        const [proof] = call.metadata.get(authentication.header);
        await authentication.check(proof?.toString());
      }
      await work(call, {
        ...this.options,
        onDelivered: (path, { safe, size }) => {
          labels.path = path;
          metrics.bytes.inc(labels, size);
          metrics.messages.inc({ path, safe });
        },
      });
      call.end();
    } catch (error) {
      if (error instanceof CallerGone || call.cancelled) {
        code = "CANCELLED";
        return;
      }
      const problem = problemOf(error);
      ({ code } = problemKinds[problem.kind]);
      if (problem.kind === "failed") logger.error({ err: error }, "a call failed");
      fail(call, problem);
    } finally {
      metrics.inFlight.dec({ protocol: "grpc" });
      metrics.requests.inc({ ...labels, status: code });
      metrics.requestSeconds.observe(labels, (performance.now() - started) / 1000);
    }
  }
}

function fail(call: ServerDuplexStream<unknown, unknown>, problem: GatewayProblem): void {
  const metadata = new Metadata();
  if (problem.retryAfterSeconds !== undefined) {
    // What gRPC's own retries heed.
    metadata.set("grpc-retry-pushback-ms", String(problem.retryAfterSeconds * 1000));
  }
  const { code } = problemKinds[problem.kind];
  call.emit(
    "error",
    Object.assign(new Error(problem.detail), { code: status[code], details: problem.detail, metadata }),
  );
}

function serviceDefinition(): ServiceDefinition {
  // Beside the bundle.
  const file = join(__dirname, "pipeline-endpoint.proto");
  const loaded = loadPackageDefinition(loadSync(file, { keepCase: true, longs: String, defaults: true }));
  const client = loaded["PipelineEndpoint"];
  if (typeof client === "function" && "service" in client) return client.service;
  throw new Error(`${file} has no service PipelineEndpoint`);
}
