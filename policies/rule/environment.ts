import type { EnforcementLevel } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";

/** What a stack can be, from the loosest to the strictest. */
export const environments = ["dev", "kind", "staging", "prod"] as const;

/** The kind of environment that a stack is: its config key `algorun:environment`. */
export type Environment = (typeof environments)[number];

/** How a rule acts in each environment, unless `--policy-pack-config` says otherwise. */
export type Levels = Readonly<Record<Environment, EnforcementLevel>>;

/** Only told about in dev; stops the update everywhere else. */
export const advisoryInDev: Levels = {
  dev: "advisory",
  kind: "mandatory",
  staging: "mandatory",
  prod: "mandatory",
};

/** Nothing to keep in dev; stops the update everywhere else. */
export const disabledInDev: Levels = {
  dev: "disabled",
  kind: "mandatory",
  staging: "mandatory",
  prod: "mandatory",
};

/**
 * The environment of the stack that the pack is attached to. The engine hands the stack's config to a pack
 * when it starts it. A stack that does not say what it is, or says something else, is judged as prod:
 * a mistake in the config never loosens the rules.
 */
export function stackEnvironment(): Environment {
  const named = new Config("algorun").get("environment");
  return environments.find((environment) => environment === named) ?? "prod";
}
