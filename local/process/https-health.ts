import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { KeyPairFiles } from "../certificates/pki";

/** Longest wait for one answer, in milliseconds. */
const answerLimit = 5_000;

/**
 * Asks a server of the environment whether it is well.
 *
 * @param authority certificate file of the authority that must have signed the server's.
 * @param client certificate to log in with, where the server wants one.
 * @returns whether it answered with status 200.
 * @throws if it can't be reached.
 */
export async function isHealthy(url: string, authority: string, client?: KeyPairFiles): Promise<boolean> {
  const credentials = client && { cert: readFileSync(client.certificate), key: readFileSync(client.key) };
  return new Promise((resolve, reject) => {
    const options = { ca: readFileSync(authority), agent: false, timeout: answerLimit, ...credentials };
    const asked = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", reject);
    asked.end();
  });
}
