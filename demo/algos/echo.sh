#!/bin/sh
# In place of an algo that is a program: gives back what it gets, or what there is to say of it.
# echo.sh copy|describe INPUT-FLAG OUTPUT-FLAG FOLDER-FLAG [what the runner adds]; a flag that is not used is "-".
set -eu
how=$1 input_flag=$2 output_flag=$3 folder_flag=$4
shift 4
while [ $# -gt 1 ]; do
  case $1 in
    "$input_flag") exec <"$2" ;;
    "$output_flag") exec >"$2" ;;
    "$folder_flag") exec >"$2/echo" ;;
  esac
  shift
done
if [ "$how" = copy ]; then
  exec cat
fi
sum=$(sha256sum)
printf '{"sha256":"%s"}\n' "${sum%% *}"
