import type { SecretKey } from "./secret-keys";
import type { Settings } from "./settings-schema";

/** What a rule looks at. */
export interface Combination {
  readonly settings: Settings;
  readonly secrets: ReadonlySet<SecretKey>;
}

/** A rule about several keys: the mistake, or nothing. */
export type SettingRule = (combination: Combination) => string | undefined;

/** What is said of a secret that must be there. */
export function missingSecret(key: SecretKey, expected: string): string {
  return `algorun:${key}: is missing, expected ${expected}: pulumi config set --secret algorun:${key}`;
}

/** What is said of a secret that nobody asks for. */
export function uselessSecret(key: SecretKey, reason: string): string {
  return `algorun:${key}: found a secret, expected none, since ${reason}: pulumi config rm algorun:${key}`;
}
