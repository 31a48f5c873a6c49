import { createHash, hkdfSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What stands for a value that Pulumi's provider of random values would generate and keep in the state. */
export interface GeneratedValues {
  /** Letters and digits. */
  text(name: string, length: number): string;
  /** Bytes in base64url. */
  bytes(name: string, length: number): string;
}

/** Texts that say what they stand for, and bytes that are the same everywhere: no text of them is a secret. */
export const placeholders: GeneratedValues = {
  text: (name) => `${name}-result`,
  bytes: (name, length) =>
    createHash("sha256").update(name).digest().subarray(0, length).toString("base64url"),
};

/**
 * Values that follow from a seed, each from the seed and its name by HKDF: the same seed gives the same values, and
 * none tells anything of another.
 *
 * @param seed - at least 32 characters that nobody can guess
 */
export function valuesFrom(seed: string): GeneratedValues {
  const derive = (name: string, length: number): Buffer =>
    Buffer.from(hkdfSync("sha256", seed, "algorun render", name, length));
  return {
    // Of base64's 64 characters 62 are kept, so twice the length always suffices.
    text: (name, length) =>
      derive(name, 2 * length)
        .toString("base64")
        .replace(/[^A-Za-z0-9]/g, "")
        .slice(0, length),
    bytes: (name, length) => derive(name, length).toString("base64url"),
  };
}

const passwordSchema = z.object({ length: z.number() });
const idSchema = z.object({ byteLength: z.number() });

/** Outputs that the provider of random values adds to the arguments. */
export function generatedState(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  values: GeneratedValues,
): Readonly<Record<string, unknown>> {
  if (type === "random:index/randomPassword:RandomPassword")
    return { result: pulumi.secret(values.text(name, passwordSchema.parse(inputs).length)) };
  if (type === "random:index/randomId:RandomId")
    return { b64Url: values.bytes(name, idSchema.parse(inputs).byteLength) };
  if (type.startsWith("random:")) throw new Error(`nothing stands for the values of ${type}`);
  return {};
}
