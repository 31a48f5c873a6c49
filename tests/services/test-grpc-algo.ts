import { Metadata, Server, ServerCredentials, status, type ServiceDefinition } from "@grpc/grpc-js";
import { algoService, type RunRequest, type RunResponse } from "../../services/runner/grpc-service";

/** A call of the algo's server. */
export interface AlgoCall extends RunRequest {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Milliseconds until the caller gives up. */
  readonly patienceMs: number;
}

/** What it answers; `hang` never does. */
export type CallAnswer =
  | { readonly text: string; readonly contentType?: string }
  | { readonly code: status; readonly details: string }
  | "hang";

/** An algo as a gRPC server, whose answers a test decides. */
export class TestGrpcAlgo {
  readonly calls: AlgoCall[] = [];
  private readonly server = new Server();

  constructor(answer: (call: AlgoCall) => CallAnswer) {
    const service: ServiceDefinition = algoService().service;
    this.server.addService(service, {
      Run: (
        call: { request: RunRequest; metadata: Metadata; getDeadline(): Date | number },
        respond: (error: { code: status; details: string } | null, response?: RunResponse) => void,
      ) => {
        const patienceMs = Number(call.getDeadline()) - Date.now();
        const asked = { ...call.request, metadata: call.metadata.getMap(), patienceMs };
        this.calls.push(asked);
        const answered = answer(asked);
        if (answered === "hang") return;
        if ("code" in answered) respond(answered);
        else respond(null, { data: Buffer.from(answered.text), contentType: answered.contentType ?? "" });
      },
    });
  }

  /** @returns the port */
  async listen(port = 0): Promise<number> {
    return await new Promise((resolve, reject) => {
      this.server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
  }

  close(): void {
    this.server.forceShutdown();
  }
}
