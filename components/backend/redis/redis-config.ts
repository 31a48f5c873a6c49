import { createHash } from "node:crypto";

/** Where Redis answers. */
export const redisPort = 6379;
/** A user that may do nothing but ping, for the probes. */
export const probeUser = "probe";
/** The user by which a replica copies the primary; it may do nothing else. */
export const replicaUser = "replica";

/** What Redis' configuration depends on. */
export interface RedisConfigArgs {
  readonly port: number;
  /** Folder of the data. */
  readonly dataFolder: string;
  /** File with the users. */
  readonly usersFile: string;
  /** Bound of the data in MiB. */
  readonly maxMemory: number;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`. @default none: connections are not encrypted */
  readonly certificatesFolder?: string | undefined;
  /** The other server. @default there is none */
  readonly replication?: RedisReplication | undefined;
}

/** How two servers keep the same data. */
export interface RedisReplication {
  /** File with {@link renderReplicationLogin}. */
  readonly loginFile: string;
  /** Host of the server that this one copies; undefined: this one is the primary. */
  readonly primaryHost: string | undefined;
}

/**
 * Renders the server's configuration. Every write is in a file within a second, and what doesn't fit is refused rather
 * than evicted: rate limits and sessions that vanish are worse than an error that somebody sees.
 */
export function renderRedisConfig(args: RedisConfigArgs): string {
  return [
    "bind * -::*",
    ...listener(args),
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
    ...replication(args),
    "",
  ].join("\n");
}

function listener({ port, certificatesFolder: folder }: RedisConfigArgs): readonly string[] {
  if (folder === undefined) return [`port ${port}`];
  return [
    "port 0",
    `tls-port ${port}`,
    `tls-cert-file ${folder}/tls.crt`,
    `tls-key-file ${folder}/tls.key`,
    `tls-ca-cert-file ${folder}/ca.crt`,
    // Clients prove who they are by a password.
    "tls-auth-clients no",
    "tls-replication yes",
  ];
}

function replication({ port, maxMemory, replication: other }: RedisConfigArgs): readonly string[] {
  if (other === undefined) return [];
  // What waits for a slow replica is no data to maxmemory, and the default of 256 MB is more than a small container has.
  const waiting = Math.max(1, Math.floor(maxMemory / 4));
  return [
    `include ${other.loginFile}`,
    `client-output-buffer-limit replica ${waiting}mb ${waiting}mb 0`,
    ...(other.primaryHost === undefined ? [] : [`replicaof ${other.primaryHost} ${port}`]),
  ];
}

/** Passwords of Redis' users: of each all that work, the one in use first. */
export interface RedisPasswords {
  /** Of the clients, who log in without a name by any of them. */
  readonly clients: readonly string[];
  /** Of {@link replicaUser}. @default there is no such user */
  readonly replica?: readonly string[] | undefined;
}

/**
 * Renders the users, whose passwords it keeps only as hashes: clients, who may do everything with data and nothing to the
 * server, the probes' user, and the one that copies.
 */
export function renderRedisUsers({ clients, replica }: RedisPasswords): string {
  return [
    `user default on ${hashesOf(clients)} ~* &* +@all -@admin -@dangerous +info +keys`,
    ...(replica === undefined
      ? []
      : [`user ${replicaUser} on ${hashesOf(replica)} resetkeys resetchannels -@all +psync +replconf +ping`]),
    `user ${probeUser} on nopass resetkeys resetchannels -@all +ping`,
    "",
  ].join("\n");
}

/** How a replica logs in at the primary: by a password in clear, so the file is part of a Secret. */
export function renderReplicationLogin(password: string): string {
  return `masteruser ${replicaUser}\nmasterauth ${password}\n`;
}

function hashesOf(passwords: readonly string[]): string {
  return passwords.map((password) => `#${createHash("sha256").update(password).digest("hex")}`).join(" ");
}
