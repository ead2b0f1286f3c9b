#!/usr/bin/env bash
# Writes docs/models.md: every recipe of configs/ with the published mIoU of docs/published_miou.tsv, and what
# `sshost plan` says of its model. Every figure that a run does not measure stays as it was; nothing is written where a recipe fails.
#   scripts/models_table.sh <sshost>              parameters and multiply-adds, which do not depend on the machine
#   scripts/models_table.sh <sshost> --repeat N   seconds, the median of N forwards, on a machine that does nothing
#                                                 else; a model that several recipes share is timed once, with the
#                                                 first one's classes
set -euo pipefail
usage="expected: $0 <sshost> [--repeat N], N from 1 on"
[ $# -eq 1 ] || { [ $# -eq 3 ] && [ "$2" = --repeat ] && [ "$3" -ge 1 ]; } || { echo "$usage" >&2; exit 2; }
sshost=$(realpath "$1")
repeat=${3:-0}
cd "$(dirname "$0")/.."
readonly page=docs/models.md
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
declare -A seconds_of  # by model

# A number in units of 10^exponent: scaled <number> <exponent>
scaled() { awk -v n="$1" -v e="$2" 'BEGIN { printf "%.1f", n / 10 ^ e }'; }

published() { awk -F '\t' -v name="$1" -v field="$2" '$1 == name && $field != "" { print $field; exit }' docs/published_miou.tsv; }

# before <recipe> <column>: the figure in the table as it is
before() {
  awk -F ' *[|] *' -v link="[$1]" -v column="$2" 'index($2, link) == 1 { print $column; exit }' "$page"
}

# The resolved model of a pipeline without what a forward does not depend on.
model_of() {
  "$sshost" validate "$1" --print | awk '
    { indent = match($0, /[^ ]/) }
    indent == 1 { inside = /^model:/ }
    !inside { next }
    skipped && indent > skipped { next }
    { skipped = 0 }
    /^[ -]*[a-z_]*(weights|loss|loss_weight|update|dropout|drop_path_rate):/ { skipped = indent; next }
    { print }'
}

# Sets seconds of the recipe $1 in the file $2.
time_once() {
  local model
  model=$(model_of "$2")
  [ -n "$model" ]
  if [ -z "${seconds_of[$model]:-}" ]; then
    seconds_of[$model]=$("$sshost" plan "$2" --tsv --repeat "$repeat" | cut -f 5)
    echo "$1: ${seconds_of[$model]} s" >&2
  fi
  seconds=${seconds_of[$model]}
}

row() {
  local name=$1 file=$2 plan parameters multiply_adds seconds
  if [ "$repeat" -gt 0 ]; then
    parameters=$(before "$name" 5)
    multiply_adds=$(before "$name" 6)
    time_once "$name" "$file"
  else
    plan=$("$sshost" plan "$file" --tsv)
    parameters=$(scaled "$(cut -f 2 <<<"$plan")" 6)
    multiply_adds=$(scaled "$(cut -f 4 <<<"$plan")" 9)
    seconds=$(before "$name" 7)
    echo "$name: $parameters M, $multiply_adds G" >&2
  fi
  single=$(published "$name" 2)
  several=$(published "$name" 3)
  echo "| [$name](../$file) | ${single:--} | ${several:--} | ${parameters:--} | ${multiply_adds:--} | ${seconds:--} |"
}

table() {
  echo
  echo "## $2"
  echo
  echo "| recipe | mIoU, published | several scales and flip, published | parameters, M | multiply-adds, G | s per image |"
  echo "|---|---|---|---|---|---|"
  for file in configs/"$1"/*.yaml; do row "$(basename "$file" .yaml)" "$file"; done
}

{
  sed -e '/^## /,$d' "$page" | sed -e '$d'
  table fcn FCN
  table pspnet PSPNet
  table deeplabv3 DeepLabV3
  table ocrnet OCRNet
  table mcibi MCIBI
  table mcibiplusplus MCIBI++
} >"$fresh"
cp "$fresh" "$page"
