import { isDeepStrictEqual } from "node:util";
import { secretGroups, type SecretGroup } from "../components/secret-rotation";
import type { SecretKey } from "./secret-keys";
import type { SettingRule } from "./setting-rule";
import { settingsSchema, type Settings } from "./settings-schema";

/** Keys about a platform: whoever makes it has them, and pipelines elsewhere are told what they need of it. */
const platformKeys = [
  "namespace",
  "ambassador",
  "kafka",
  "objectStorage",
  "sql",
  "redis",
  "aws",
  "prometheus",
  "grafana",
  "backups",
  "gpu",
  "consumerLag",
  "images",
  "services",
] as const satisfies readonly (keyof Settings)[];

/** A secret that only a platform uses; those of its systems are refused with the systems. */
const platformSecret: SecretKey = "alertWebhookUrl";

function moved({ platformStack }: Settings): string {
  return `expected none beside algorun:platformStack, since the stack ${JSON.stringify(platformStack)} makes the platform`;
}

const defaults = settingsSchema.parse({});

function platformKeyRule(key: (typeof platformKeys)[number]): SettingRule {
  return ({ settings }) => {
    // Pulumi hands over the defaults of Pulumi.yaml as if the stack had set them.
    if (settings.platformStack === undefined || isDeepStrictEqual(settings[key], defaults[key]))
      return undefined;
    return `algorun:${key}: found a value, ${moved(settings)}: set it there, pulumi config rm algorun:${key} here`;
  };
}

const platformSecretRule: SettingRule = ({ settings, secrets }) => {
  if (settings.platformStack === undefined || !secrets.has(platformSecret)) return undefined;
  return (
    `algorun:${platformSecret}: found a secret, ${moved(settings)}: ` +
    `set it there, pulumi config rm algorun:${platformSecret} here`
  );
};

/** Secrets that are made for each pipeline, in the stack that makes the pipeline; all others are the platform's. */
const secretsOfPipelines: readonly string[] = [
  "kafkaUsers",
  "objectStorage",
  "apiKeys",
  "webhookSignatures",
] satisfies SecretGroup[];

const platformRotationRules = Object.keys(secretGroups)
  .filter((group) => !secretsOfPipelines.includes(group))
  .map((group): SettingRule => ({ settings }) => {
    const set = Object.entries(settings.rotation).some(
      ([name, number]) => name === group && number !== undefined,
    );
    if (settings.platformStack === undefined || !set) return undefined;
    return `algorun:rotation.${group}: found a value, ${moved(settings)}: set it there, pulumi config rm --path algorun:rotation.${group} here`;
  });

/** Rules about a stack that uses the platform of another one. */
export const platformElsewhereRules: readonly SettingRule[] = [
  ...platformKeys.map(platformKeyRule),
  platformSecretRule,
  ...platformRotationRules,
];
