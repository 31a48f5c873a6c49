import {
  type handleUnaryCall,
  type Server,
  ServerCredentials,
  type ServerErrorResponse,
  type ServerUnaryCall,
  status,
} from "@grpc/grpc-js";

/** Channel and server options: a stack of many resources is more than the four megabytes of gRPC's default. */
export const unlimitedMessages = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

/** Something that the user can put right; the message says how. */
export class UsageError extends Error {}

/** An error as gRPC hands it to the caller. */
export function asStatus(error: unknown): Pick<ServerErrorResponse, "code" | "details" | "name" | "message"> {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof UsageError ? status.FAILED_PRECONDITION : status.UNKNOWN;
  return { name: "Error", message, code, details: message };
}

/** Makes a gRPC handler of a function; what it throws becomes the status of the call. */
export function unary<Request, Response>(
  answer: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(asStatus(error));
        },
      );
  };
}

/** Lets a server listen on a free port of the loopback interface, and says which. */
export async function listen(server: Server): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
