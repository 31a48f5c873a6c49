import type { SecretGroup } from "../components/secret-rotation";
import type { SettingRule } from "./setting-rule";
import type { Settings } from "./settings-schema";

/** Why a group can't be rotated here, and what to do instead; undefined: it can. */
type Obstacle = (settings: Settings) => string | undefined;

const obstacles: Readonly<Partial<Record<SecretGroup, Obstacle>>> = {
  kafkaAdministrator: ({ kafka }) => {
    if (kafka.mode === "msk")
      return "since kafka.mode is msk, where IAM decides and there is no such password";
    return kafka.mode === "external" ? elsewhere("kafka.mode", "kafkaPassword") : undefined;
  },
  kafkaNodes: ({ kafka }) =>
    kafka.mode === "cluster"
      ? "since nodes that are replaced one by one would refuse each other: docs/operations.md, Rotating secrets, has the way"
      : `since kafka.mode is ${kafka.mode}, and the nodes are not this program's`,
  sql: ({ sql }) => (sql.mode === "external" ? elsewhere("sql.mode", "sqlPassword") : undefined),
  redis: ({ redis }) => (redis.mode === "external" ? elsewhere("redis.mode", "redisPassword") : undefined),
  objectStorage: storageObstacle,
  objectStorageAdministrator: (settings) => {
    const { objectStorage } = settings;
    if (objectStorage.engine === "minio" && objectStorage.replicas > 1)
      return (
        `since objectStorage.replicas is ${objectStorage.replicas}, and servers of MinIO that are replaced one by one ` +
        "would refuse each other: docs/operations.md, Rotating secrets, has the way"
      );
    return storageObstacle(settings);
  },
};

function storageObstacle({ objectStorage: { engine } }: Settings): string | undefined {
  if (engine === "s3")
    return "since objectStorage.engine is s3, where pods log in by roles and there is no key";
  return engine === "external"
    ? elsewhere("objectStorage.engine", "objectStorageSecretAccessKey")
    : undefined;
}

function elsewhere(key: string, secret: string): string {
  return `since ${key} is external: change it there, then pulumi config set --secret algorun:${secret}`;
}

const impossibleRotations: readonly SettingRule[] = Object.entries(obstacles).map(
  ([group, obstacle]): SettingRule =>
    ({ settings }) => {
      const found = numberOf(settings, group);
      const reason = found > 1 ? obstacle(settings) : undefined;
      return reason === undefined
        ? undefined
        : `algorun:rotation.${group}: found ${found}, expected 1, ${reason}`;
    },
);

/** The generation of a group that is in use. */
function numberOf({ rotation }: Settings, group: string): number {
  const found = Object.entries(rotation).find(([name]) => name === group)?.[1];
  return typeof found === "number" ? found : 1;
}

const retiredInUse: SettingRule = ({ settings }) => {
  const mistakes = Object.entries(settings.rotation.retired ?? {}).flatMap(([group, number]) => {
    const current = numberOf(settings, group);
    if (number < current) return [];
    const expected = current === 1 ? "no such key" : `at most ${current - 1}`;
    return [
      `algorun:rotation.retired.${group}: found ${number}, expected ${expected}, since generation ${current} is in use: ` +
        `raise algorun:rotation.${group} first`,
    ];
  });
  return mistakes.length === 0 ? undefined : mistakes.join("\n  ");
};

/** What can't be rotated by a number, and numbers that contradict each other. */
export const rotationRules: readonly SettingRule[] = [...impossibleRotations, retiredInUse];
