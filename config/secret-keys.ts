/**
 * Config keys that hold a secret by themselves, and what each is for. They are set by `pulumi config set --secret`; all
 * other keys are read as one checked object.
 */
export const secretKeys = {
  alertWebhookUrl: "Address that alerts are posted to",
  kafkaPassword: "Password of kafka.administration.username",
  objectStorageSecretAccessKey: "Secret of objectStorage.accessKeyId",
  pullSecret: "Content of .dockerconfigjson for private images",
  redisPassword: "Password of an external Redis",
  sqlPassword: "Password of sql.username, of an external database",
} as const;

/** The name of a config key that holds a secret. */
export type SecretKey = keyof typeof secretKeys;

/** Whether a config key holds a secret by itself. */
export function isSecretKey(key: string): key is SecretKey {
  return Object.hasOwn(secretKeys, key);
}
