import { generationName, type SecretGeneration } from "../../secret-rotation";

/** What an account's passwords are set from. */
export interface SqlRotation {
  readonly generation: SecretGeneration;
  /** The account's first user, and the owner of what all of them make. */
  readonly username: string;
  /**
   * Folder with the files `application` and `administrator`, which hold the passwords in use, and
   * `application-previous`, as long as there is one.
   */
  readonly credentialsFolder: string;
}

/** Name of an account's role of PostgreSQL in a generation: no sign in it needs quoting. */
export function postgresqlRole(username: string, generation: number): string {
  return generationName(username, generation, "_");
}

/** What both scripts begin with: a password is read as a literal of SQL, and goes by a pipe, never by an argument. */
function beginning(credentialsFolder: string): readonly string[] {
  return [
    "#!/bin/sh",
    "set -eu",
    `literal() { sed "s/'/''/g; s/^/'/; s/\\$/'/" "${credentialsFolder}/$1"; }`,
  ];
}

/** Statements that failed are told, but without the passwords that they hold. */
function verdict(errors: string): readonly string[] {
  return [
    `if grep -q '${errors}' "$log"; then`,
    `  grep '${errors}' "$log" | sed "s/'[^']*'/'...'/g" >&2`,
    '  echo "the passwords were not set, and the database does not start" >&2',
    "  exit 1",
    "fi",
    'rm "$log"',
    "",
  ];
}

/**
 * Sets the passwords of a PostgreSQL before it starts, since its image reads them only when it makes a database. The
 * server runs alone for that, as its own single user, whom nobody asks for a password; so it does not matter which
 * passwords there were. Users of later generations are members of the first, as whom they act: what any of them makes
 * belongs to all of them.
 */
export function postgresqlRotationScript({ username, credentialsFolder, generation }: SqlRotation): string {
  const { inUse, previous = inUse } = generation;
  const current = postgresqlRole(username, inUse);
  // Those before, and one after for who goes back.
  const retired = [...Array.from({ length: previous - 1 }, (_, index) => index + 1), inUse + 1];
  const quoted = (name: string): string => `'"'"'${name}'"'"'`;
  const whenThere = (name: string, then: string, otherwise: boolean): string =>
    `DO $$BEGIN IF ${otherwise ? "NOT " : ""}EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoted(name)}) THEN ${then}; END IF; END$$`;
  const member = [`GRANT ${username} TO ${current}`, `ALTER ROLE ${current} SET role = ${quoted(username)}`];
  const statements = [
    whenThere(current, `CREATE ROLE ${current}`, true),
    ...(current === username ? [] : member),
    ...retired
      .map((number) => postgresqlRole(username, number))
      .map((name) => whenThere(name, `ALTER ROLE ${name} NOLOGIN`, false)),
  ];
  return [
    ...beginning(credentialsFolder),
    '[ -s "$PGDATA/PG_VERSION" ] || { echo "nothing to rotate in an empty volume"; exit 0; }',
    "log=/tmp/rotation.log",
    "{",
    ...statements.map((statement) => `  printf '%s\\n' '${statement}'`),
    `  printf 'ALTER ROLE ${current} LOGIN PASSWORD %s\\n' "$(literal application)"`,
    `  printf 'ALTER ROLE postgres PASSWORD %s\\n' "$(literal administrator)"`,
    '} | postgres --single -D "$PGDATA" "$@" -c log_min_error_statement=panic postgres > "$log" 2>&1 || echo "ERROR: no end" >> "$log"',
    ...verdict("ERROR:\\|FATAL:\\|PANIC:"),
  ].join("\n");
}

/**
 * Sets the passwords of a MariaDB before it starts, as {@link postgresqlRotationScript} does. Here a user can have two
 * ways to log in, each with a password of its own, and stays who has defined views and routines.
 */
export function mariadbRotationScript({ username, credentialsFolder, generation }: SqlRotation): string {
  const way = "mysql_native_password USING PASSWORD(%s)";
  const [ways, files] =
    generation.previous === undefined
      ? [way, '"$(literal application)"']
      : [`${way} OR ${way}`, '"$(literal application)" "$(literal application-previous)"'];
  return [
    ...beginning(credentialsFolder),
    '[ -d "$DATADIR/mysql" ] || { echo "nothing to rotate in an empty volume"; exit 0; }',
    "log=/tmp/rotation.log",
    "{",
    "  # Before the second of these the server knows no users.",
    `  printf '%s\\n' 'SET sql_mode = "NO_BACKSLASH_ESCAPES";' 'FLUSH PRIVILEGES;'`,
    `  printf 'ALTER USER ${username}@"%%" IDENTIFIED VIA ${ways};\\n' ${files}`,
    `  printf 'ALTER USER root@localhost IDENTIFIED VIA ${way};\\n' "$(literal administrator)"`,
    '} | mariadbd "$@" --datadir="$DATADIR" --bootstrap > "$log" 2>&1 || echo "ERROR: no end" >> "$log"',
    ...verdict("ERROR"),
  ].join("\n");
}
