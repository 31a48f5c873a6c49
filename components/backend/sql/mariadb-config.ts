/** What MariaDB's configuration depends on. */
export interface MariadbConfigArgs {
  readonly port: number;
  /** Memory of the container in MiB. */
  readonly memory: number;
  /** Folder with `tls.crt`, `tls.key` and `ca.crt`. @default none: connections need not be encrypted */
  readonly certificatesFolder?: string | undefined;
}

/**
 * Renders the server's option file. Half of the memory is for InnoDB's pages, since connections and the temporary
 * tables of queries need the rest.
 */
export function renderMariadbConfig(args: MariadbConfigArgs): string {
  return [
    "[mariadbd]",
    "bind-address = *",
    `port = ${args.port}`,
    "skip-name-resolve",
    "character-set-server = utf8mb4",
    "collation-server = utf8mb4_unicode_ci",
    "default-time-zone = +00:00",
    `innodb-buffer-pool-size = ${Math.floor(args.memory / 2)}M`,
    "innodb-flush-log-at-trx-commit = 1",
    "local-infile = 0",
    "max-connections = 100",
    ...(args.certificatesFolder === undefined
      ? []
      : [
          `ssl-cert = ${args.certificatesFolder}/tls.crt`,
          `ssl-key = ${args.certificatesFolder}/tls.key`,
          `ssl-ca = ${args.certificatesFolder}/ca.crt`,
          "require-secure-transport = ON",
        ]),
    "sql-mode = STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO",
    "",
  ].join("\n");
}
