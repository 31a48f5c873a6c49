import { join } from "node:path";
import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** See algo.proto. */
export interface RunRequest {
  readonly data: Buffer;
  readonly contentType: string;
  readonly fileName: string;
  readonly input: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly files: Readonly<Record<string, string>>;
}

/** See algo.proto. */
export interface RunResponse {
  readonly data: Buffer;
  readonly contentType: string;
}

/** The service `algorun.v1.Algo`, from the file that algos make their servers from. */
export function algoService(): ServiceClientConstructor {
  const loaded = loadPackageDefinition(loadSync(join(__dirname, "algo.proto"), { defaults: true }));
  const found = [loaded].flatMap(inner("algorun")).flatMap(inner("v1")).flatMap(inner("Algo"))[0];
  if (!isService(found)) throw new Error("algo.proto has no service algorun.v1.Algo");
  return found;
}

function inner(name: string): (parent: unknown) => unknown[] {
  return (parent) =>
    typeof parent === "function" || (typeof parent === "object" && parent !== null)
      ? Object.entries(parent).flatMap(([key, value]: [string, unknown]) => (key === name ? [value] : []))
      : [];
}

function isService(found: unknown): found is ServiceClientConstructor {
  return typeof found === "function" && "service" in found;
}
