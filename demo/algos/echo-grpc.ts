import { join } from "node:path";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { z } from "zod";

/** In place of an algo that is a gRPC server: answers with what it gets. */
const protocol = join(__dirname, "..", "..", "services", "runner", "algo.proto");

interface Bytes {
  readonly data: Buffer;
}

const isConstructor = (value: unknown): boolean => typeof value === "function" && "service" in value;
const namespaceSchema = z.object({
  algorun: z.object({
    v1: z.object({
      Algo: z.custom<{ readonly service: Parameters<Server["addService"]>[0] }>(isConstructor),
    }),
  }),
});

const { algorun } = namespaceSchema.parse(loadPackageDefinition(loadSync(protocol, { defaults: true })));
const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(algorun.v1.Algo.service, {
  Run: (call: ServerUnaryCall<Bytes, Bytes>, answer: sendUnaryData<Bytes>) => {
    answer(null, { data: call.request.data });
  },
});
const [port = ""] = process.argv.slice(2);
const host = process.env["LISTEN_ADDRESS"] ?? "0.0.0.0";
server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error;
});
