#!/bin/sh
# The runner's image as a process: `install FOLDER` puts a program `runner` there, anything else runs it.
set -eu
node=$1 bundle=$2
shift 2
if [ "${1:-}" = install ]; then
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node" "$bundle" >"$2/runner"
  chmod 700 "$2/runner"
else
  exec "$node" "$bundle" "$@"
fi
