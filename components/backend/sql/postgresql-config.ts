/** What PostgreSQL's configuration depends on. */
export interface PostgresqlConfigArgs {
  readonly port: number;
  /** Folder of the socket. */
  readonly socketFolder: string;
  /** File with the rules for who may log in how. */
  readonly accessFile: string;
  /** Memory of the container in MiB. */
  readonly memory: number;
  /** Folder with `tls.crt` and `tls.key`. @default none: connections are not encrypted */
  readonly certificatesFolder?: string | undefined;
}

/**
 * Renders `postgresql.conf`. A quarter of the memory is for shared buffers, as PostgreSQL's manual recommends; half is
 * what the planner may expect the page cache to hold.
 */
export function renderPostgresqlConfig(args: PostgresqlConfigArgs): string {
  return [
    "listen_addresses = '*'",
    `port = ${args.port}`,
    `unix_socket_directories = '${args.socketFolder}'`,
    `hba_file = '${args.accessFile}'`,
    "password_encryption = 'scram-sha-256'",
    ...(args.certificatesFolder === undefined
      ? []
      : [
          "ssl = on",
          `ssl_cert_file = '${args.certificatesFolder}/tls.crt'`,
          `ssl_key_file = '${args.certificatesFolder}/tls.key'`,
          "ssl_min_protocol_version = 'TLSv1.2'",
        ]),
    "max_connections = 100",
    `shared_buffers = '${Math.floor(args.memory / 4)}MB'`,
    `effective_cache_size = '${Math.floor(args.memory / 2)}MB'`,
    "max_wal_size = '1GB'",
    "idle_in_transaction_session_timeout = '5min'",
    "log_destination = 'stderr'",
    "log_connections = on",
    "log_min_duration_statement = '1s'",
    "log_timezone = 'UTC'",
    "timezone = 'UTC'",
    "",
  ].join("\n");
}

/**
 * Renders `pg_hba.conf`: everybody by password, from wherever the network policy lets them come.
 *
 * @param tls - whether only encrypted connections are taken
 */
export function renderPostgresqlAccess({ tls = false } = {}): string {
  const host = tls ? "hostssl" : "host";
  return [
    "local all all scram-sha-256",
    `${host} all all 0.0.0.0/0 scram-sha-256`,
    `${host} all all ::/0 scram-sha-256`,
    "",
  ].join("\n");
}

/** What the first start makes. */
export interface SqlAccount {
  readonly database: string;
  /** Who logs in. */
  readonly username: string;
  /** Who has the database, if another; then who logs in is a member of it, and acts as it. @default username */
  readonly owner?: string;
  /** File with the user's password. */
  readonly passwordFile: string;
}

/**
 * Renders the script of the first start: a user who owns one database and is no superuser. The password is read from
 * its file by psql, so it stands in no configuration.
 */
export function renderPostgresqlInit(account: SqlAccount): string {
  const { username, owner = username } = account;
  const member = [
    `CREATE ROLE ${owner};`,
    `CREATE ROLE ${username} LOGIN PASSWORD :'password' IN ROLE ${owner};`,
    `ALTER ROLE ${username} SET role = '${owner}';`,
  ];
  return [
    `\\set password \`cat ${account.passwordFile}\``,
    ...(username === owner ? [`CREATE ROLE ${owner} LOGIN PASSWORD :'password';`] : member),
    `CREATE DATABASE ${account.database} OWNER ${owner};`,
    `REVOKE ALL ON DATABASE ${account.database} FROM PUBLIC;`,
    "",
  ].join("\n");
}
