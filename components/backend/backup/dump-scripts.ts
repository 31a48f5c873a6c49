/**
 * Dumps one database of PostgreSQL to `$WORK/dump`, and reads it to its end: what can't be read is no dump, and the
 * script fails. libpq's variables say where the database is, `CREDENTIAL_FILE` holds the password.
 */
export const postgresqlDumpScript = `#!/bin/sh
set -eu
umask 077
PGPASSWORD=$(cat "$CREDENTIAL_FILE")
export PGPASSWORD
mkdir -p "$WORK"
rm -f "$WORK/dump" "$WORK/dump.part"
pg_dump --no-password --format=custom --file="$WORK/dump.part"
pg_restore --file=/dev/null "$WORK/dump.part"
mv "$WORK/dump.part" "$WORK/dump"
sha256sum < "$WORK/dump" > "$WORK/dump.sha256"
`;

/**
 * Dumps one database of MariaDB to `$WORK/dump`, in one transaction. `mariadb-dump` ends its output with a line that
 * says so; without it the dump is a torso, and the script fails.
 */
export const mariadbDumpScript = `#!/bin/sh
set -eu
umask 077
MYSQL_PWD=$(cat "$CREDENTIAL_FILE")
export MYSQL_PWD
mkdir -p "$WORK"
rm -f "$WORK/dump" "$WORK/dump.sql" "$WORK/dump.sql.gz"
mariadb-dump --no-defaults --host="$DATABASE_HOST" --port="$DATABASE_PORT" --user="$DATABASE_USER" \\
  $DATABASE_TLS --single-transaction --quick --routines --events --triggers --hex-blob \\
  --default-character-set=utf8mb4 --result-file="$WORK/dump.sql" "$DATABASE_NAME"
case "$(tail -n 1 "$WORK/dump.sql")" in
  "-- Dump completed"*) ;;
  *) echo "the dump of $DATABASE_NAME is incomplete: its last line is missing" >&2; exit 1 ;;
esac
gzip "$WORK/dump.sql"
gzip --test "$WORK/dump.sql.gz"
mv "$WORK/dump.sql.gz" "$WORK/dump"
sha256sum < "$WORK/dump" > "$WORK/dump.sha256"
`;

/**
 * Copies a database of SQLite to `$WORK/dump` page by page while its owner goes on writing, checks the copy, and packs
 * it. In Python, whose standard library has SQLite's own procedure for that.
 */
export const sqliteDumpScript = `import gzip, hashlib, os, pathlib, shutil, sqlite3, sys

work = pathlib.Path(os.environ["WORK"])
source = sqlite3.connect(f"file:{os.environ['DATABASE_FILE']}?mode=ro", uri=True, timeout=60)
copy_path = work / "copy.db"
copy_path.unlink(missing_ok=True)
copy = sqlite3.connect(copy_path)
source.backup(copy, pages=1000)
found = copy.execute("PRAGMA integrity_check").fetchone()[0]
copy.close()
if found != "ok":
    sys.exit(f"the database is damaged, and its copy is no dump: {found}")
part = work / "dump.part"
with copy_path.open("rb") as plain, gzip.open(part, "wb") as packed:
    shutil.copyfileobj(plain, packed)
digest = hashlib.sha256(part.read_bytes()).hexdigest()
part.rename(work / "dump")
(work / "dump.sha256").write_text(f"{digest}  -\\n")
copy_path.unlink()
`;
