#!/usr/bin/env bash
# validate_pipelines.sh <sshost> <page>...: are the whole pipelines that the pages show (those with a data set, a
# backbone and a training) valid?
set -euo pipefail
readonly program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A file a block, called after the page and the line.
awk -v folder="$folder" '
  /^```yaml$/ { name = FILENAME; gsub(/.*\/|\.md$/, "", name); file = folder "/" name "-" FNR ".yaml"; next }
  /^```$/ { if (file) close(file); file = ""; next }
  file { print > file }' "$@"

count=0
for file in "$folder"/*.yaml; do
  grep -q "^ *dataset:" "$file" && grep -q "^ *backbone:" "$file" && grep -q "^train:" "$file" || continue
  "$program" validate "$file"
  count=$((count + 1))
done
echo "$count pipelines"
((count > 0))
