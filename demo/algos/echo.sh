#!/bin/sh
# In place of an algo that is a program: gives back what it gets, or what there is to say of it.
# echo.sh copy|describe INPUT-FLAG OUTPUT-FLAG FOLDER-FLAG [what the runner adds]; a flag that is not used is "-".
set -eu
how=$1 input_flag=$2 output_flag=$3 folder_flag=$4
shift 4
input=/dev/stdin
output=/dev/stdout
while [ $# -gt 1 ]; do
  case $1 in
    "$input_flag") input=$2 ;;
    "$output_flag") output=$2 ;;
    "$folder_flag") output=$2/echo ;;
  esac
  shift
done
if [ "$how" = copy ]; then
  exec cat "$input" >"$output"
fi
printf '{"bytes":%s,"sha256":"%s"}\n' "$(wc -c <"$input" | tr -d ' ')" "$(sha256sum "$input" | cut -d ' ' -f 1)" >"$output"
