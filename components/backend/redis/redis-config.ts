import { createHash } from "node:crypto";

/** Where Redis answers. */
export const redisPort = 6379;
/** A user that may do nothing but ping, for the probes. */
export const probeUser = "probe";

/** What Redis' configuration depends on. */
export interface RedisConfigArgs {
  readonly port: number;
  /** Folder of the data. */
  readonly dataFolder: string;
  /** File with the users. */
  readonly usersFile: string;
  /** Bound of the data in MiB. */
  readonly maxMemory: number;
}

/**
 * Renders the server's configuration. Every write is in a file within a second, and what doesn't fit is refused rather
 * than evicted: rate limits and sessions that vanish are worse than an error that somebody sees.
 */
export function renderRedisConfig(args: RedisConfigArgs): string {
  return [
    "bind * -::*",
    `port ${args.port}`,
    "protected-mode yes",
    `dir ${args.dataFolder}`,
    `aclfile ${args.usersFile}`,
    "appendonly yes",
    "appendfsync everysec",
    'save ""',
    `maxmemory ${args.maxMemory}mb`,
    "maxmemory-policy noeviction",
    "timeout 0",
    "tcp-keepalive 60",
    "",
  ].join("\n");
}

/**
 * Renders the users: clients, who may do everything with data and nothing to the server, and the probes' user.
 *
 * @param passwords - of the clients, who log in without a name by any of them; kept only as hashes
 */
export function renderRedisUsers(...passwords: readonly string[]): string {
  const hashes = passwords.map((password) => `#${createHash("sha256").update(password).digest("hex")}`);
  return [
    `user default on ${hashes.join(" ")} ~* &* +@all -@admin -@dangerous +info +keys`,
    `user ${probeUser} on nopass resetkeys resetchannels -@all +ping`,
    "",
  ].join("\n");
}
