import { spawn } from "node:child_process";
import { resolveTools } from "../../../local/toolchain/toolchain";

/** What grpcurl said. */
export interface GrpcurlResult {
  /** Answers as JSON. */
  readonly answers: readonly unknown[];
  /** Name of gRPC's code. */
  readonly code: string;
}

/** Calls by grpcurl: a client that is not ours, in Go, with the published file alone. */
export async function grpcurl(
  address: string,
  method: "Run" | "Upload",
  requests: readonly object[],
  headers: readonly string[] = [],
): Promise<GrpcurlResult> {
  const tools = await resolveTools(["grpcurl"]);
  const description = ["-import-path", "services/gateway", "-proto", "pipeline-endpoint.proto"];
  const metadata = headers.flatMap((header) => ["-H", header]);
  const target = ["-max-time", "50", "-d", "@", address, `PipelineEndpoint/${method}`];
  const child = spawn(tools.grpcurl.path, ["-plaintext", ...description, ...metadata, ...target], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(requests.map((request) => JSON.stringify(request)).join("\n"));
  await new Promise((resolve) => child.once("close", resolve));
  const texts = output.trim() === "" ? [] : output.trim().split(/\n(?=\{)/);
  return {
    answers: texts.map((text): unknown => JSON.parse(text)),
    code: /Code: (?<code>\w+)/.exec(errors)?.groups?.["code"] ?? (errors === "" ? "OK" : errors),
  };
}
