#!/usr/bin/env bash
# Installs PyTorch into build/deps/python, for the tests that compare with it or start through its torchrun: see
# install_python.sh. `make test` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly version=2.13.0
readonly torch=build/deps/python/torch
readonly libtorch=build/deps/libtorch-$version

scripts/install_python.sh python "torch==$version+cpu"
[[ -d $torch ]] || exit 0

# C++ needs these no second time.
rm -rf "$torch/include"
for library in libtorch_cpu.so libc10.so; do
  [[ -f $libtorch/lib/$library && ! -L $torch/lib/$library ]] || continue
  ln -sf "../../../libtorch-$version/lib/$library" "$torch/lib/$library"
done
