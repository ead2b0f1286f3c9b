#!/usr/bin/env bash
# check_examples.sh <source> <build>: installs the build into a folder of its own, and builds and runs the examples
# against that alone, in C and in C++.
set -euo pipefail
readonly source=$1 build=$2
work=$(mktemp -d --tmpdir sshost-examples.XXXXXX)
readonly work prefix=$work/prefix
trap 'rm -rf "$work"' EXIT
fail() {
  echo "examples: $*" >&2
  exit 1
}
unset SSHOST_LIBTORCH SSHOST_PLUGIN_PATH LD_LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH CFLAGS CXXFLAGS LDFLAGS

cmake --install "$build" --prefix "$prefix" >/dev/null
cp -r "$source/examples" "$work/examples"
cmake -S "$work/examples" -B "$work/out" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" \
  -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$work/log" || fail "configuring: $(cat "$work/log")"
cmake --build "$work/out" >"$work/log" || fail "compiling: $(cat "$work/log")"
if grep -F -e "$source/" -e "$build/" "$work/out/compile_commands.json"; then fail "this repository is on a command line"; fi

cat >"$work/p.yaml" <<'YAML'
run: [train]
threads: 1
output: run
data:
  dataset: {type: synthetic, classes: 5, height: 64, width: 64, train_samples: 4, evaluate_samples: 2}
  train: {transforms: [{type: normalize}]}
model:
  backbone: {type: resnet, depth: 18, output_stride: 8}
  features: {indices: [3]}
  head: {type: fcn, channels: 16}
train: {steps: 1, batch_size: 2, optimizer: {type: sgd, lr: 0.01}}
YAML
cd "$work"
"$prefix/bin/sshost" run p.yaml >log 2>&1 || fail "run: $(cat log)"
model=run/checkpoints/step-000001.safetensors
"$work/out/segment_noise" $model >log || fail "segment_noise: $(cat log)"
[[ $(awk '{ sum += $1 } END { print sum }' log) == 4096 ]] || fail "segment_noise counts otherwise: $(cat log)"
if "$work/out/segment_noise" missing.safetensors 2>log; then fail "a missing model is no error"; fi
grep -qF missing.safetensors log || fail "the missing model is not named: $(cat log)"

"$work/out/run_pipeline" p.yaml 'run=[train, evaluate]' output=again >log 2>told || fail "run_pipeline: $(cat told)"
grep -qE "^$work/again: step 1, mean IoU 0\.[0-9]{4}$" log || fail "run_pipeline prints otherwise: $(cat log)"
grep -qE '^step 1 of 1, loss [0-9.]+$' told && grep -qxF 'evaluated 2 of 2' told || fail "run_pipeline shows no progress: $(cat told)"
cmp run/checkpoints/step-000001.train.safetensors again/checkpoints/step-000001.train.safetensors || fail "another training"
if "$work/out/run_pipeline" p.yaml model.head.widht=3 2>log; then fail "a wrong option is no error"; fi
grep -qF 'model.head.widht: unknown option' log || fail "the wrong option is not named: $(cat log)"

if [[ -x $work/out/segment_folder ]]; then
  mkdir photos
  "$prefix/bin/sshost" data preview p.yaml --sheet photos/photo.png >log 2>&1 || fail "preview: $(cat log)"
  "$work/out/segment_folder" $model photos masks >log || fail "segment_folder: $(cat log)"
  [[ -s masks/photo.png ]] || fail "segment_folder wrote nothing: $(cat log)"
fi
