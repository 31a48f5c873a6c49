#!/bin/sh
# Writes jars.lock anew from pom.xml. Needs Maven, which nothing else here does.
set -eu
cd "$(dirname "$0")"
jars=$(mktemp -d)
trap 'rm -rf "$jars"' EXIT
mvn --quiet --batch-mode dependency:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$jars" -Dmdep.useRepositoryLayout=true
(cd "$jars" && find . -name '*.jar' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum) > jars.lock
