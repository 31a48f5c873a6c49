import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rateLimitEnvironment } from "../../components/ingress/rate-limit";
import { freePort } from "./free-port";
import type { ProcessGroup, RunningProgram } from "./process-group";

/** A rate-limit service that was started. */
export interface RateLimitService {
  readonly program: RunningProgram;
  /** Where it answers over HTTP. */
  readonly url: string;
}

/** How a rate-limit service is started. */
export interface RateLimitStart {
  /** The program. */
  readonly command: string;
  /** Where its configuration and its log go. */
  readonly folder: string;
  /** `config.yaml`. */
  readonly config: string;
  /** Variables that say where its store is, and what it logs in with. */
  readonly store: Readonly<Record<string, string>>;
}

/** Starts the rate-limit service as its pods do, but on loopback ports. */
export async function startRateLimit(
  programs: ProcessGroup,
  { command, folder, config, store }: RateLimitStart,
): Promise<RateLimitService> {
  const [httpPort, grpcPort, debugPort, metricsPort] = await Promise.all(Array.from({ length: 4 }, freePort));
  mkdirSync(join(folder, "config"), { recursive: true });
  writeFileSync(join(folder, "config", "config.yaml"), config);
  const program = programs.start({
    command,
    args: [],
    env: {
      ...rateLimitEnvironment(folder),
      ...store,
      HOST: "127.0.0.1",
      PORT: String(httpPort),
      GRPC_HOST: "127.0.0.1",
      GRPC_PORT: String(grpcPort),
      DEBUG_PORT: String(debugPort),
      PROMETHEUS_ADDR: `127.0.0.1:${String(metricsPort)}`,
    },
    log: join(folder, "ratelimit.log"),
  });
  return { program, url: `http://127.0.0.1:${String(httpPort)}` };
}

/** Whether the service would get work. */
export async function isHealthy({ url }: RateLimitService): Promise<boolean> {
  return fetch(`${url}/healthcheck`).then(
    (answer) => answer.ok,
    () => false,
  );
}
