import { readFileSync } from "node:fs";
import { z } from "zod";

const packageSchema = z.object({ version: z.string() });

/**
 * The version of an npm package as it is installed here. SDK and engine, SDK and provider must be of
 * one version, so this is where the versions of the programs come from.
 *
 * @param name such as `@pulumi/kafka`
 */
export function installedVersion(name: string): string {
  const path = require.resolve(`${name}/package.json`, { paths: [__dirname] });
  return packageSchema.parse(JSON.parse(readFileSync(path, "utf8"))).version;
}
