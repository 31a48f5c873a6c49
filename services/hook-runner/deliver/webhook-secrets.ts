import { validateHeaderValue } from "node:http";
import { readFile } from "node:fs/promises";

/** A secret can't be read, or is none. What it says has nothing of the secret in it. */
export class SecretFault extends Error {
  override readonly name = "SecretFault";
}

/**
 * The keys that messages are signed by: one for each line of a file, the one in use first. While a secret is rotated there
 * are two, and Kubernetes changes the file while the program runs.
 *
 * @throws {@link SecretFault}
 */
export async function signingKeys(file: string): Promise<readonly Buffer[]> {
  const secrets = (await readSecret(file)).split(/\s+/);
  return secrets.map((secret) => {
    const base64 = secret.replace(/^whsec_/, "");
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
      throw new SecretFault(`${file}: found no secret of Standard Webhooks, expected whsec_ and base64`);
    return Buffer.from(base64, "base64");
  });
}

/**
 * The value of a header that is in a file.
 *
 * @throws {@link SecretFault}
 */
export async function secretHeader(name: string, file: string): Promise<string> {
  const value = await readSecret(file);
  try {
    validateHeaderValue(name, value);
  } catch {
    throw new SecretFault(`${file}: found what no header can have, expected one line of text for ${name}`);
  }
  return value;
}

async function readSecret(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new SecretFault(error instanceof Error ? error.message : `${file} can't be read`);
  });
  if (text.trim() === "") throw new SecretFault(`${file}: found nothing, expected a secret`);
  return text.trim();
}
