import type { z } from "zod";
import { ConfigError } from "./read-config";

/** The variables that a program's environment may have. */
export type Environment = Readonly<Record<string, string | undefined>>;

const secretName = /PASSWORD|SECRET|TOKEN|KEY/;

/**
 * Reads variables of the environment. One that is empty counts as one that is not there.
 *
 * @throws {@link ConfigError} with every variable that is missing or wrong; what is found is shown unless its name says
 * that it is a secret
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): z.output<Schema> {
  const stated = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(stated);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map(({ path, message }) => {
      const name = path.map(String).join(".");
      const found = secretName.test(name) ? undefined : stated[name];
      return `${name}: ${message}${found === undefined ? "" : `; found ${JSON.stringify(found)}`}`;
    }),
  );
}
