#!/usr/bin/env bash
# Writes docs/models.md: every recipe of configs/ with the published mIoU of docs/published_miou.tsv, and its model's
# parameters, multiply-adds and time as `sshost plan` says. It takes minutes: each model is built and run.
#   scripts/models_table.sh <sshost> [--repeat N]     N: time each model, on a machine that does nothing else
# A figure of the last table stays where this run does not measure it.
set -euo pipefail
sshost=$(realpath "$1")
repeat=0
[ "${2:-}" = --repeat ] && repeat=$3
cd "$(dirname "$0")/.."
readonly page=docs/models.md
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT

# millions <number>, thousand_millions <number>
millions() { awk -v n="$1" 'BEGIN { printf "%.1f", n / 1e6 }'; }
thousand_millions() { awk -v n="$1" 'BEGIN { printf "%.1f", n / 1e9 }'; }

published() { awk -F '\t' -v name="$1" -v field="$2" '$1 == name && $field != "" { print $field; exit }' docs/published_miou.tsv; }

measured_before() {
  awk -F ' *[|] *' -v link="[$1]" 'index($2, link) == 1 { print $7; exit }' "$page"
}

row() {
  local name=$1 file=$2 plan seconds
  plan=$("$sshost" plan "$file" --tsv --repeat "$repeat")
  IFS=$'\t' read -r _ parameters _ multiply_adds seconds <<<"$plan"
  [ -n "$seconds" ] || seconds=$(measured_before "$name")
  single=$(published "$name" 2)
  several=$(published "$name" 3)
  echo "| [$name](../$file) | ${single:--} | ${several:--} | $(millions "$parameters") |" \
    "$(thousand_millions "$multiply_adds") | ${seconds:--} |"
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
