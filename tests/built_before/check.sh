#!/usr/bin/env bash
# check.sh <sshost>: runs pipelines of plugins that were compiled against the first contract (README.md).
set -euo pipefail
readonly sshost=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d --tmpdir sshost-built-before.XXXXXX)
readonly here work
trap 'rm -rf "$work"' EXIT
unset SSHOST_PLUGIN_PATH
export XDG_STATE_HOME=$work/state  # the libraries that a run remembers

fail() {
  echo "built_before: $*" >&2
  exit 1
}

# run <name> <option>...
run() {
  local output=$work/runs/$1
  echo "== $*"
  shift
  "$sshost" run "$work/pipeline.yaml" "$@" --output "$output" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
  grep -q '"kind":"evaluate"' "$output/metrics.jsonl" || fail "nothing was evaluated: $(cat "$work/log")"
}

cp "$here/pipeline.yaml" "$work"
tar -xf "$here/plugins-x86_64.tar.xz" -C "$work"
[[ $(find "$work" -name '*.so' | wc -l) == 5 ]] || fail "expected five libraries, found: $(ls "$work")"

# The names that resnet.so gives its tensors in other programs' checkpoints, there and back.
names() {
  tar -xf "$here/names-x86_64.tar.xz" -C "$work"
  local model=(--set "model.backbone={type: $work/resnet.so, depth: 18}" --set 'model.head={type: fcn, channels: 8}'
    --set 'model.auxiliary=[]')
  run names "${model[@]}"
  local checkpoint=$work/runs/names/checkpoints/step-000003.safetensors format
  for format in sssegmentation sshost; do
    "$sshost" weights export "$checkpoint" --format "$format" --output "$work/$format.pth" >"$work/log" 2>&1 &&
      "$sshost" weights import "$work/$format.pth" --pipeline "$work/pipeline.yaml" "${model[@]}" \
        --output "$work/$format.safetensors" >>"$work/log" 2>&1 &&
      "$sshost" weights export "$work/$format.safetensors" --format "$format" --output "$work/again.pth" \
        >>"$work/log" 2>&1 || fail "$(cat "$work/log")"
    cmp "$work/$format.pth" "$work/again.pth" || fail "$format: not the same weights again"
  done
}

run head-in-c
run head-in-cpp --set model.head.type=gated
run memory --set "model.memory.type='null'"
run dataset --set "data.dataset.type='null'" --set train.batch_size=1 --set train.on_nothing_to_learn=warn \
  --set 'data.train.transforms=[{type: normalize}, {type: pad, size: [32, 32]}]'
run with-todays-head --set model.head.type=fcn --set model.head.channels=8
names
