import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** How long a host may take to answer at all, in milliseconds. */
const answerLimit = 4_000;

/** Longest transfer of one file, in milliseconds. */
const transferLimit = 15 * 60_000;

/** Hosts that did not answer. They are asked once: a machine without a network pays the wait once. */
const unreachableHosts = new Map<string, string>();

/** A file could not be fetched: the host can't be reached, or does not have it. */
export class FetchError extends Error {
  override readonly name = "FetchError";
}

/**
 * Fetches a small text.
 *
 * @throws FetchError
 */
export async function fetchText(url: string): Promise<string> {
  return (await request(url)).text();
}

/**
 * Fetches a file.
 *
 * @param sha256 its expected SHA-256, in hexadecimal; undefined if its publisher names none
 * @throws FetchError, also if the content is not the expected one
 */
export async function fetchFile(url: string, path: string, sha256?: string): Promise<void> {
  const { body } = await request(url);
  if (body === null) throw new FetchError(`${url}: the answer is empty`);
  const hash = createHash("sha256");
  const hashed = async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(body), hashed, createWriteStream(path));
  } catch (error) {
    throw new FetchError(`${url}: ${reasonOf(error)}`);
  }
  const found = hash.digest("hex");
  if (sha256 !== undefined && found !== sha256)
    throw new FetchError(`${url}: its SHA-256 is ${found}, expected ${sha256}`);
}

async function request(url: string): Promise<Response> {
  const { host } = new URL(url);
  const known = unreachableHosts.get(host);
  if (known !== undefined) throw new FetchError(`${url}: ${known}`);
  const controller = new AbortController();
  const noAnswer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${answerLimit / 1000} s`));
  }, answerLimit);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([controller.signal, AbortSignal.timeout(transferLimit)]),
    });
    if (response.ok) return response;
    await response.body?.cancel();
    throw new FetchError(`${url}: HTTP status ${response.status}`);
  } catch (error) {
    if (error instanceof FetchError) throw error;
    const reason = reasonOf(error);
    unreachableHosts.set(host, reason);
    throw new FetchError(`${url}: ${reason}`);
  } finally {
    clearTimeout(noAnswer);
  }
}

/** The cause of a failed fetch; its own message is always "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
