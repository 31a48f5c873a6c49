import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { CallerGone } from "./caller-gone";

const chunkSchema = z.instanceof(Buffer);

/** The body of a request, read as slowly as it is taken. The connection stays open for an answer, whatever happens. */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunkSchema.parse(chunk);
  } catch (error) {
    if (request.destroyed || request.errored !== null)
      throw new CallerGone("the caller went away", { cause: error });
    throw error;
  }
  if (!request.complete) throw new CallerGone("the caller went away");
}

/** The length that a request states; undefined: it comes in chunks. */
export function statedLength({ headers }: IncomingMessage): number | undefined {
  if (headers["transfer-encoding"] !== undefined) return undefined;
  return headers["content-length"] === undefined ? 0 : Number(headers["content-length"]);
}
