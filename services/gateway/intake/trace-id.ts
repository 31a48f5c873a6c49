import { randomUUID } from "node:crypto";
import { GatewayProblem } from "./gateway-problem";

/** Fits into URLs, names of objects and logs as it is. */
const pattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

/** The trace id that a caller states, or one of our own. */
export function traceIdOf(stated: string | undefined): string {
  if (stated === undefined || stated === "") return randomUUID();
  if (pattern.test(stated)) return stated;
  throw new GatewayProblem(
    "badRequest",
    "the trace id is not valid, expected at most 128 letters, digits, '.', '_', '~' and '-', with a letter or a digit first",
  );
}
