/** What can be wrong with a request, and what it is called in HTTP and in gRPC. */
export const problemKinds = {
  badRequest: { status: 400, title: "Bad request", code: "INVALID_ARGUMENT" },
  unauthenticated: { status: 401, title: "Not authenticated", code: "UNAUTHENTICATED" },
  notFound: { status: 404, title: "No such path", code: "NOT_FOUND" },
  methodNotAllowed: { status: 405, title: "Method not allowed", code: "UNIMPLEMENTED" },
  timeout: { status: 408, title: "Too slow", code: "DEADLINE_EXCEEDED" },
  tooLarge: { status: 413, title: "Too large", code: "RESOURCE_EXHAUSTED" },
  wrongType: { status: 415, title: "Wrong content type", code: "INVALID_ARGUMENT" },
  headersTooLarge: { status: 431, title: "Headers too large", code: "RESOURCE_EXHAUSTED" },
  failed: { status: 500, title: "Failed", code: "INTERNAL" },
  unavailable: { status: 503, title: "Unavailable", code: "UNAVAILABLE" },
  overloaded: { status: 503, title: "Overloaded", code: "RESOURCE_EXHAUSTED" },
} as const;

/** One of {@link problemKinds}. */
export type ProblemKind = keyof typeof problemKinds;

/** More of a problem. */
export interface ProblemDetails {
  readonly retryAfterSeconds?: number | undefined;
  /** Whether the message may come into the pipeline in spite of it, since it was on its way already. @default false */
  readonly mayArrive?: boolean | undefined;
  readonly cause?: unknown;
}

/** Why a request is refused: what the caller is told, and nothing else of what went wrong. */
export class GatewayProblem extends Error {
  override readonly name = "GatewayProblem";
  readonly retryAfterSeconds: number | undefined;
  readonly mayArrive: boolean;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    { retryAfterSeconds, mayArrive = false, cause }: ProblemDetails = {},
  ) {
    super(detail, { cause });
    this.retryAfterSeconds = retryAfterSeconds;
    this.mayArrive = mayArrive;
  }
}
