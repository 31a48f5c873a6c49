import { isDeepStrictEqual } from "node:util";

/** Key by which the engine marks a secret, in its protocol, its events and its states. */
export const secretMark = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Arguments in clear. */
export interface ClearArguments {
  readonly value: Readonly<Record<string, unknown>>;
  /** Names of the arguments that held a secret anywhere, sorted. */
  readonly secrets: readonly string[];
}

/** Takes the marks off arguments, and says where they were. */
export function withoutSecretMarks(args: Readonly<Record<string, unknown>>): ClearArguments {
  const clear = Object.entries(args).map(([name, marked]) => [name, marked, unmark(marked)] as const);
  return {
    value: Object.fromEntries(clear.map(([name, , value]) => [name, value])),
    secrets: clear
      .filter(([, marked, value]) => !isDeepStrictEqual(marked, value))
      .map(([name]) => name)
      .sort(),
  };
}

/** Takes the marks off a value: the engine's protocol has the secret beside them, a state that is shown has its JSON. */
export function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value && value[secretMark] === secretSignature) {
    if ("value" in value) return unmark(value.value);
    if ("plaintext" in value && typeof value.plaintext === "string")
      return unmark(JSON.parse(value.plaintext));
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, unmark(field)]));
}
