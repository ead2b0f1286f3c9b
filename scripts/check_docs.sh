#!/usr/bin/env bash
# Are the parts of the documentation that are printed from elsewhere as they are there? With --write, makes them so.
#   scripts/check_docs.sh <sshost> [--write]
set -euo pipefail
cd "$(dirname "$0")/.."
readonly program=$1 write=${2:-}
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT

# compare <page> <the line before its printed block> <command>...: the block is what the command prints.
compare() {
  local page=$1 begin=$2
  shift 2
  text=$("$@") begin=$begin awk '
    skip && /^```$/ { skip = 0; next }
    skip { next }
    { print }
    $0 == ENVIRON["begin"] { print "```text\n" ENVIRON["text"] "\n```"; skip = 1; getline }' "$page" >"$fresh"
  if [[ $write == --write ]]; then
    cp "$fresh" "$page"
  elif ! diff -u "$page" "$fresh"; then
    echo "$page differs from what is printed: run $0 $program --write" >&2
    exit 1
  fi
}

compare docs/pipeline.md '<!-- printed by `sshost plugins describe pipeline` -->' "$program" plugins describe pipeline
compare docs/architecture.md '<!-- printed from host/rooms.txt -->' grep -E '^[a-z]' host/rooms.txt
