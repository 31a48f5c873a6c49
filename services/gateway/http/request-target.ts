import { GatewayProblem } from "../intake/gateway-problem";

/** What a URL asks for: `/{owner}/{name}/{path}[/{traceId}][/upload]`. */
export interface RequestTarget {
  /** `owner.name` */
  readonly deployment: string;
  /** Undefined: the default path. */
  readonly path: string | undefined;
  /** Undefined: the gateway makes one. */
  readonly traceId: string | undefined;
  /** Whether the body may be a form with a file. */
  readonly isUpload: boolean;
}

const uploadSegment = "upload";

/**
 * The URL of a request line, which names a server only if the caller takes this one for a proxy.
 *
 * @throws GatewayProblem when it is none
 */
export function parseUrl(target: string): URL {
  const url = target.startsWith("/") ? `http://endpoint${target}` : target;
  if (!URL.canParse(url)) throw new GatewayProblem("badRequest", "the URL is not well-formed");
  return new URL(url);
}

/**
 * @param hasPath - whether the endpoint has a path of a name: one may be called `upload`
 * @throws GatewayProblem when the URL is none of ours
 */
export function parseTarget(pathname: string, hasPath: (name: string) => boolean): RequestTarget {
  const [root, ...segments] = pathname.replace(/\/$/, "").split("/").map(decode);
  const [owner, name, ...rest] = segments;
  if (root !== "" || owner === undefined || name === undefined || segments.includes("")) {
    throw new GatewayProblem("notFound", "expected /{owner}/{name}/{path}");
  }
  const isPathItself = rest.length === 1 && hasPath(uploadSegment);
  const isUpload = rest.at(-1) === uploadSegment && !isPathItself;
  const [path, traceId, ...others] = isUpload ? rest.slice(0, -1) : rest;
  if (others.length > 0)
    throw new GatewayProblem("notFound", "expected /{owner}/{name}/{path}/{traceId}/upload at most");
  return { deployment: `${owner}.${name}`, path, traceId, isUpload };
}

/**
 * The query's parameters.
 *
 * @throws GatewayProblem when one is stated twice: an algo's parameter has one value
 */
export function parseParameters(query: URLSearchParams): Readonly<Record<string, string>> {
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    if (parameters.has(name)) {
      throw new GatewayProblem(
        "badRequest",
        `parameter ${JSON.stringify(name.slice(0, 100))} is stated twice`,
      );
    }
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new GatewayProblem("badRequest", "the URL is not well-formed: wrong percent-encoding");
  }
}
