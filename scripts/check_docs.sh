#!/usr/bin/env bash
# Is the reference in docs/pipeline.md what the program prints? With --write, makes it so.
#   scripts/check_docs.sh <sshost> [--write]
set -euo pipefail
cd "$(dirname "$0")/.."
page=docs/pipeline.md
begin='<!-- printed by `sshost plugins describe pipeline` -->'
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
{
  sed "/^$begin\$/q" "$page"
  echo '```text'
  "$1" plugins describe pipeline
  echo '```'
} >"$fresh"
if [ "${2:-}" = --write ]; then
  cp "$fresh" "$page"
elif ! diff -u "$page" "$fresh"; then
  echo "$page differs from the program: run $0 $1 --write" >&2
  exit 1
fi
