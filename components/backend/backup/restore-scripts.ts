/**
 * Restores `$WORK/dump` of PostgreSQL into a new database beside the present one, and lets the two change names only when
 * all of it has gone well. The old one stays, closed to everybody, until somebody drops it. Runs as administrator.
 */
export const postgresqlRestoreScript = `#!/bin/sh
set -eu
PGPASSWORD=$(cat "$CREDENTIAL_FILE")
export PGPASSWORD
fresh="\${DATABASE_NAME}_restored"
former="\${DATABASE_NAME}_before_$(date -u +%Y%m%d%H%M%S)"
sql() { psql -X -q --no-password --set=ON_ERROR_STOP=1 --dbname=postgres "$@"; }
sql --command="DROP DATABASE IF EXISTS $fresh"
sql --command="CREATE DATABASE $fresh OWNER $DATABASE_OWNER TEMPLATE template0"
sql --command="REVOKE ALL ON DATABASE $fresh FROM PUBLIC"
pg_restore --no-password --exit-on-error --no-owner --role="$DATABASE_OWNER" --dbname="$fresh" "$WORK/dump"
# From here on nobody may write what would be left behind; a failure lets them in again.
trap 'sql --command="ALTER DATABASE $DATABASE_NAME ALLOW_CONNECTIONS true"' EXIT
sql --command="ALTER DATABASE $DATABASE_NAME ALLOW_CONNECTIONS false"
sql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE_NAME'" > /dev/null
sql --single-transaction \\
  --command="ALTER DATABASE $DATABASE_NAME RENAME TO $former" \\
  --command="ALTER DATABASE $fresh RENAME TO $DATABASE_NAME"
trap - EXIT
echo "restored $DATABASE_NAME; what it was is kept as $former, which DROP DATABASE removes"
`;

/**
 * Restores `$WORK/dump` of MariaDB in place of the present database: MariaDB can't rename one, so what it was is dumped
 * before, by another container of the pod.
 */
export const mariadbRestoreScript = `#!/bin/sh
set -eu
MYSQL_PWD=$(cat "$CREDENTIAL_FILE")
export MYSQL_PWD
sql() {
  mariadb --no-defaults --host="$DATABASE_HOST" --port="$DATABASE_PORT" --user="$DATABASE_USER" $DATABASE_TLS \\
    --default-character-set=utf8mb4 "$@"
}
gzip -dc "$WORK/dump" > "$WORK/dump.sql"
case "$(tail -n 1 "$WORK/dump.sql")" in
  "-- Dump completed"*) ;;
  *) echo "the dump is incomplete: its last line is missing; nothing was changed" >&2; exit 1 ;;
esac
trap 'echo "the restore broke off and $DATABASE_NAME is incomplete: run it again" >&2' EXIT
sql --execute="DROP DATABASE IF EXISTS \\\`$DATABASE_NAME\\\`; CREATE DATABASE \\\`$DATABASE_NAME\\\`"
sql "$DATABASE_NAME" < "$WORK/dump.sql"
trap - EXIT
echo "restored $DATABASE_NAME"
`;

/**
 * Puts `$WORK/dump` in the place of a database of SQLite. Its owner must not run; what was there stays beside it.
 */
export const sqliteRestoreScript = `import gzip, os, pathlib, shutil, sqlite3, sys, time

target = pathlib.Path(os.environ["DATABASE_FILE"])
fresh = target.with_name(target.name + ".restored")
with gzip.open(pathlib.Path(os.environ["WORK"]) / "dump", "rb") as packed, fresh.open("wb") as plain:
    shutil.copyfileobj(packed, plain)
found = sqlite3.connect(fresh).execute("PRAGMA integrity_check").fetchone()[0]
if found != "ok":
    sys.exit(f"the dump is damaged, and nothing was changed: {found}")
former = target.with_name(f"{target.name}.before-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}")
if target.exists():
    target.rename(former)
for suffix in ("-journal", "-wal", "-shm"):
    target.with_name(target.name + suffix).unlink(missing_ok=True)
fresh.rename(target)
print(f"restored {target}; what it was is kept as {former.name}")
`;
