/**
 * How both scripts find the bucket: `STORAGE_ENDPOINT`, `BUCKET` and `PREFIX`, and the folder `STORAGE_KEYS` with
 * `access-key-id` and `secret-access-key`. Secrets go by the environment of the client, never by its arguments.
 */
const login = `#!/bin/sh
set -eu
umask 077
export MC_CONFIG_DIR=/tmp/mc
MC_HOST_storage="\${STORAGE_ENDPOINT%%://*}://$(cat "$STORAGE_KEYS/access-key-id"):$(cat "$STORAGE_KEYS/secret-access-key")@\${STORAGE_ENDPOINT#*://}"
export MC_HOST_storage
folder="storage/$BUCKET/$PREFIX"
complete() { mc find "$folder/" --name '*.sha256' | sort; }
`;

/**
 * Puts `$WORK/dump` beside the older dumps under a name of its own, reads it back, and only then writes its checksum,
 * which marks it as complete. So a dump that was cut off is never taken for one, and no good one is ever overwritten.
 * After that, and only then, the oldest complete dumps beyond `KEEP` are deleted.
 */
export const uploadScript = `${login}
name="$(date -u +%Y-%m-%dT%H-%M-%SZ).$EXTENSION"
trap 'mc rm --quiet "$folder/$name" > /dev/null 2>&1 || true' EXIT
mc cp --quiet "$WORK/dump" "$folder/$name"
if [ "$(mc cat "$folder/$name" | sha256sum)" != "$(cat "$WORK/dump.sha256")" ]; then
  echo "the storage gave back another dump than it was given: $PREFIX/$name" >&2
  exit 1
fi
mc cp --quiet "$WORK/dump.sha256" "$folder/$name.sha256"
trap - EXIT
echo "dumped to $PREFIX/$name"
set -- $(complete)
while [ "$#" -gt "$KEEP" ]; do
  mc rm --quiet "$1" "\${1%.sha256}"
  shift
done
`;

/** Fetches the dump `DUMP`, or the newest complete one, to `$WORK/dump`, and compares it with its checksum. */
export const fetchScript = `${login}
if [ -n "\${DUMP:-}" ]; then
  mark="storage/$BUCKET/$DUMP.sha256"
else
  mark=$(complete | tail -n 1)
fi
if [ -z "$mark" ] || ! mc cp --quiet "$mark" "$WORK/dump.sha256"; then
  echo "found no complete dump \${DUMP:-in $PREFIX}; complete are:" >&2
  complete | while read -r path; do path=\${path%.sha256}; echo "  \${path#storage/$BUCKET/}" >&2; done
  exit 1
fi
mc cp --quiet "\${mark%.sha256}" "$WORK/dump"
if [ "$(sha256sum < "$WORK/dump")" != "$(cat "$WORK/dump.sha256")" ]; then
  echo "\${mark%.sha256} is damaged: it differs from its checksum" >&2
  exit 1
fi
echo "fetched \${mark%.sha256}"
`;
