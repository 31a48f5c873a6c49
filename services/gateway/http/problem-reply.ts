import type { FastifyReply } from "fastify";
import { GatewayProblem, problemKinds } from "../intake/gateway-problem";

/** Answers with what is wrong, as RFC 9457 has it. */
export function sendProblem(
  reply: FastifyReply,
  problem: GatewayProblem,
  challenge: string | undefined,
): void {
  const { status, title } = problemKinds[problem.kind];
  if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", String(problem.retryAfterSeconds));
  if (status === 401 && challenge !== undefined) reply.header("www-authenticate", challenge);
  if (status === 405) reply.header("allow", "POST");
  const body = JSON.stringify({ type: "about:blank", title, status, detail: problem.detail });
  reply.code(status).header("content-type", "application/problem+json").send(body);
}

/** What a caller is told of an error: of ours, nothing but that there was one. */
export function problemOf(error: unknown): GatewayProblem {
  return error instanceof GatewayProblem
    ? error
    : new GatewayProblem("failed", "the gateway failed", { cause: error });
}
