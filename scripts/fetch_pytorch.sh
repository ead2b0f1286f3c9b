#!/usr/bin/env bash
# Installs PyTorch for this machine's python3 into build/deps/python, for the tests that compare with it or start through
# its torchrun; nothing outside that folder changes. The second time there is nothing to do. `make test` calls it. Where
# pip finds no such PyTorch it says so and ends well: those tests are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly version=2.13.0
readonly wanted="torch==$version+cpu"
readonly target=build/deps/python
readonly libtorch=build/deps/libtorch-$version

python=$(python3 --version)
readonly stamp=$target/.complete mark="$wanted, $python"
[[ $(cat "$stamp" 2>/dev/null) != "$mark" ]] || exit 0

mkdir -p build/deps
exec 9>build/deps/.lock && flock 9 # two makes at once: the second finds the work done
[[ $(cat "$stamp" 2>/dev/null) != "$mark" ]] || exit 0

download=$(mktemp -d build/deps/fetch.XXXXXX)
trap 'rm -rf "$download"' EXIT
echo "PyTorch $version for $python: installing $wanted with pip"
# A wheel that SSHOST_CACHE holds, or that pip downloaded for LibTorch, is taken from there.
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-compile --only-binary=:all: \
  ${SSHOST_CACHE:+--find-links "$SSHOST_CACHE"} --target "$download/python" "$wanted" 2>"$download/error"; then
  tail -n 1 "$download/error" >&2 || true
  echo "PyTorch $version: pip does not find $wanted for $python; the tests that need it will be skipped"
  exit 0
fi

# C++ needs these no second time.
rm -rf "$download/python/torch/include"
for library in libtorch_cpu.so libc10.so; do
  [[ -f $libtorch/lib/$library ]] || continue
  ln -sf "../../../libtorch-$version/lib/$library" "$download/python/torch/lib/$library"
done
echo "$mark" >"$download/python/.complete"
rm -rf "$target"
mv "$download/python" "$target"
echo "PyTorch $version: installed into $target"
