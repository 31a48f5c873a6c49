import { z } from "zod";
import type { ListenAddress } from "../configuration/listen-address";
import { readEnvironment, type Environment } from "../configuration/read-environment";

const port = z
  .string()
  .regex(/^\d{1,5}$/, "expected a port, 0 to 65535")
  .transform(Number)
  .refine((number) => number <= 65_535, "expected a port, 0 to 65535");

const schema = z.object({ LISTEN_ADDRESS: z.string().optional(), MONITORING_PORT: port.default(10_080) });

/**
 * Where a service answers `/health` and `/metrics` that has no other port: `MONITORING_PORT`, 10080 by default, on all
 * addresses, or on `LISTEN_ADDRESS`.
 *
 * @throws ConfigError when the port is none
 */
export function monitoringAddress(environment: Environment): ListenAddress {
  const { LISTEN_ADDRESS: host, MONITORING_PORT: stated } = readEnvironment(schema, environment);
  return { host, port: stated };
}
