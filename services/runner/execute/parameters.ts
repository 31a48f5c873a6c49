import { RunFailure } from "../failure";
import type { ParameterConfig } from "../runner-config";

/** A parameter with the value that counts for one message. */
export interface ResolvedParameter {
  readonly name: string;
  readonly flag: string;
  /** Undefined: it has none. */
  readonly value: string | undefined;
}

/**
 * The parameters of an algo with the values of the caller's request over them. Names that the algo doesn't know are
 * left out, since a caller must not be able to put flags into somebody's command line.
 *
 * @param overrides - the query parameters of the request that a message comes from
 * @throws RunFailure when one that is required has no value
 */
export function resolveParameters(
  parameters: readonly ParameterConfig[],
  overrides: Readonly<Record<string, string>> = {},
): readonly ResolvedParameter[] {
  return parameters.map(({ name, flag, value, required }) => {
    const overridden = Object.hasOwn(overrides, name) ? overrides[name] : undefined;
    const resolved = overridden ?? value;
    if (required && resolved === undefined)
      throw new RunFailure("Parameter", `the parameter ${name} is required and has no value`);
    return { name, flag, value: resolved };
  });
}

/** As words of a command line, in their order. */
export function asFlags(parameters: readonly ResolvedParameter[]): readonly string[] {
  return parameters.flatMap(({ flag, value }) => (value === undefined ? [flag] : [flag, value]));
}

/** As a query string; a parameter without a value has none there, either. */
export function asQuery(
  parameters: readonly { readonly name: string; readonly value: string | undefined }[],
): string {
  return parameters
    .map(({ name, value }) => {
      const key = encodeURIComponent(name.replace(/^-+/, ""));
      return value === undefined ? key : `${key}=${encodeURIComponent(value)}`;
    })
    .join("&");
}
