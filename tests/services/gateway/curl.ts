import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

const run = promisify(execFile);

/** Runs curl: a client that is not ours. */
export async function curl(...args: readonly string[]): Promise<Answer> {
  const { stdout } = await run("curl", ["-sS", "-i", "-m", "50", ...args], { maxBuffer: 16 * 1024 * 1024 });
  // Interim answers come first.
  const text = stdout.replace(/^(HTTP\/1\.1 100[^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/, "");
  const [head = "", ...rest] = text.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\S+ (?<status>\d+)/.exec(head)?.groups?.["status"]),
    headers: head.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}
