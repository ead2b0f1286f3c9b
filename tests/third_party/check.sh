#!/usr/bin/env bash
# check.sh <source> <build>: installs the build into a folder of its own and does there what somebody else would do who
# has nothing but that: builds plugins in C++, in plain C and out of docs/plugins.md, by clang where it is installed,
# puts them beside a pipeline and runs it with the installed program.
set -euo pipefail
readonly source=$1 build=$2
readonly here=$source/tests/third_party
work=$(mktemp -d --tmpdir sshost-third-party.XXXXXX)
readonly work prefix=$work/prefix sshost=$work/prefix/bin/sshost
trap 'rm -rf "$work"' EXIT

fail() {
  echo "third_party: $*" >&2
  exit 1
}
say() { echo "== $*"; }

# Nothing of this repository's own build may help.
unset SSHOST_LIBTORCH SSHOST_PLUGIN_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH LIBRARY_PATH CFLAGS CXXFLAGS LDFLAGS
export XDG_STATE_HOME=$work/state  # the libraries that a run remembers
if command -v clang++ >/dev/null && command -v clang >/dev/null; then
  export CC=clang CXX=clang++
else
  export CC=gcc CXX=g++
fi

# build_project <folder>: its plugins are then in <folder>/build/lib/sshost/plugins.
build_project() {
  say "building $(basename "$1") with $CXX"
  cmake -S "$1" -B "$1/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
    -DCMAKE_PREFIX_PATH="$prefix" --log-level=WARNING >"$work/log" || fail "configuring: $(cat "$work/log")"
  cmake --build "$1/build" >"$work/log" || fail "compiling: $(cat "$work/log")"
  check_commands "$1/build"
  check_libraries "$1/build/lib/sshost/plugins"
}

# The command lines name neither LibTorch nor this repository, ...
check_commands() {
  local commands=$1/compile_commands.json
  grep -qF -e "-isystem $prefix/include" -e "-I$prefix/include" "$commands" ||
    fail "the compiler was not pointed to $prefix/include: $(cat "$commands")"
  if grep -iE 'torch|caffe2|/ATen|libc10' "$commands" "$1/build.ninja"; then fail "LibTorch is on a command line"; fi
  if grep -F -e "$source/" -e "$build/" "$commands" "$1/build.ninja"; then fail "this repository is on a command line"; fi
}

# ... and the libraries need nothing but the C library.
check_libraries() {
  "$source/scripts/check_plugins.sh" "$1" || fail "a plugin does not stand alone"
  local plugin
  for plugin in "$1"/*.so; do
    if ldd "$plugin" | grep -E 'libtorch|libc10|libstdc|not found'; then fail "$plugin needs more than the C library"; fi
  done
}

# run_pipeline <pipeline> <name> [<option>...]: checks and runs it with the installed program alone.
run_pipeline() {
  local pipeline=$1 output=$work/runs/$2
  shift 2
  say "running $(basename "$pipeline") $*"
  "$sshost" validate "$pipeline" "$@" >"$work/log" 2>&1 || fail "validate: $(cat "$work/log")"
  "$sshost" run "$pipeline" "$@" --output "$output" >"$work/log" 2>&1 || fail "run: $(cat "$work/log")"
  [[ -s $output/report.html ]] || fail "no report: $(ls "$output")"
  compgen -G "$output/checkpoints/*.safetensors" >/dev/null || fail "no checkpoint: $(ls -R "$output")"
}

# block <language> <n>: the n-th block of docs/plugins.md in that language.
block() {
  awk -v begin="\`\`\`$1" -v wanted="$2" '
    /^```/ { inside = $0 == begin && ++count == wanted; next }
    inside' "$source/docs/plugins.md"
}

say "installing"
cmake --install "$build" --prefix "$prefix" >/dev/null

cp -r "$here/cpp" "$here/c" "$work/"
build_project "$work/cpp"
build_project "$work/c"
mkdir "$work/run"
cp "$here/pipeline.yaml" "$work"/{cpp,c}/build/lib/sshost/plugins/*.so "$work/run/"
run_pipeline "$work/run/pipeline.yaml" linear --set model.head.type=linear --set model.head.bias=false
run_pipeline "$work/run/pipeline.yaml" gated --set model.head.type=gated --set model.head.channels=8

run_pipeline "$work/run/pipeline.yaml" elastic-and-tversky \
  --set 'data.train.transforms=[{type: elastic, probability: 1}, {type: normalize}]' \
  --set 'model.loss=[{type: cross_entropy}, {type: focal_tversky, gamma: 2, weight: 0.5}]'
"$sshost" plugins check "$work/run/elastic_transform.so" >"$work/log" 2>&1 || fail "check: $(cat "$work/log")"
"$sshost" plugins check "$work/run/tversky_loss.so" >"$work/log" 2>&1 || fail "check: $(cat "$work/log")"

say "an exception of a plugin ends the run with the plugin's name"
status=0
"$sshost" run "$work/run/pipeline.yaml" --set model.head.type=gated --set 'model.features.indices=[0]' \
  --output "$work/runs/refused" >"$work/log" 2>&1 || status=$?
[[ $status == 1 ]] || fail "expected exit code 1, found $status: $(cat "$work/log")"
grep -qF "head gated ($work/run/gated_head.so): create: expected two or more feature maps, found one" "$work/log" ||
  fail "the message does not name the plugin: $(cat "$work/log")"

say "a benchmark of somebody else's has its submission"
"$sshost" run "$work/run/pipeline.yaml" --set 'data.dataset={type: stripes}' --set 'run=[train, predict]' \
  --set 'evaluate.prediction_formats=[stripes]' --output "$work/runs/stripes" >"$work/log" 2>&1 ||
  fail "run: $(cat "$work/log")"
for frame in 0 1 2 3; do
  png=$work/runs/stripes/predictions/stripes/sequence/${frame}_result.png
  # Width and height, 16 bits, grey: what stands behind the name of the first chunk.
  [[ $(od -An -tx1 -j16 -N10 "$png" | tr -d ' \n') == 00000020000000201000 ]] || fail "$png is no such PNG"
done
status=0
"$sshost" validate "$work/run/pipeline.yaml" --set 'evaluate.prediction_formats=[stripe]' >"$work/log" 2>&1 || status=$?
[[ $status == 2 ]] || fail "expected exit code 2, found $status: $(cat "$work/log")"
grep -qE 'evaluate.prediction_formats.0: .*cityscapes.*stripes; found "stripe" \(did you mean "stripes"\?\)' "$work/log" ||
  fail "the message does not list the layouts: $(cat "$work/log")"
"$sshost" run "$work/run/pipeline.yaml" --set 'run=[train, predict]' --set 'evaluate.prediction_formats=[stripes]' \
  --output "$work/runs/other" >"$work/log" 2>&1 && fail "stripes takes other classes"
grep -qF "prediction format stripes, dataset stripes ($work/run/stripes_dataset.so): values: expected the classes of" \
  "$work/log" || fail "the message does not name the plugin: $(cat "$work/log")"

# docs/plugins.md, section by section.
mkdir "$work/docs"
block cpp 1 >"$work/docs/global_context.cpp"
block cmake 1 >"$work/docs/CMakeLists.txt"
build_project "$work/docs"
cp "$work/docs/build/lib/sshost/plugins/global_context.so" "$source/configs/quickstart.yaml" "$work/run/"
block yaml 1 >"$work/run/mine.yaml"
run_pipeline "$work/run/mine.yaml" documented --set train.steps=2 --set data.dataset.train_samples=16 \
  --set data.dataset.evaluate_samples=2
block cpp 2 >"$work/names"
sed -i -e "/^ public:/r $work/names" "$work/docs/global_context.cpp"
build_project "$work/docs"
# A new plugin of every kind builds, keeps the contract, and fits its pipeline.
new_plugin() {
  say "a new $1 in $3"
  (cd "$work" && "$sshost" plugins new "$1" "$2" --language "$3") >"$work/log" || fail "new: $(cat "$work/log")"
  make -C "$work/$2" test >"$work/log" 2>&1 || fail "make test: $(cat "$work/log")"
  (cd "$work/$2" && "$sshost" run pipeline.yaml --set train.steps=2) >"$work/log" 2>&1 || fail "run: $(cat "$work/log")"
}
for kind in backbone head memory dataset transform loss; do new_plugin "$kind" "new_$kind" c++; done
new_plugin head new_head_in_c c
say "done"
