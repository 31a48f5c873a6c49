import { createHmac } from "node:crypto";

/** Who may do what with a stream. */
export interface StreamRight {
  readonly right: "publish" | "play";
  /** `{owner}.{name}.{path}`. */
  readonly stream: string;
  /** Longest time that it may be published at a stretch, in seconds. @default as long as it likes */
  readonly maxSeconds?: number | undefined;
}

/**
 * What a sender publishes or an endpoint plays, with the proof that it may: the stream's name, and a key that belongs to
 * this name and this right alone. The key is an HMAC-SHA-256 of both, and of the limit if there is one, so that the
 * server needs a single secret for all streams and learns nothing new with a new pipeline.
 *
 * @param secret - the server's
 */
export function streamKey(secret: string, { right, stream, maxSeconds }: StreamRight): string {
  const limit = maxSeconds === undefined ? "" : `seconds=${maxSeconds}`;
  const signed = `${right} ${stream}${limit === "" ? "" : `?${limit}`}`;
  const key = createHmac("sha256", secret).update(signed).digest("hex");
  return `${stream}?key=${key}${limit === "" ? "" : `&${limit}`}`;
}
