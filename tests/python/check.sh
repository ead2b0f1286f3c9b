#!/usr/bin/env bash
# check.sh <source> <build>: builds the wheel over the build as it is, unpacks it into a folder of its own as pip does,
# and runs package_test.py with it. PyTorch and the tools are those that scripts/fetch_pytorch.sh and
# scripts/fetch_wheel_tools.sh installed; skipped without them.
set -euo pipefail
readonly source=$1 build=$2
readonly torch=$source/build/deps/python tools=$source/build/deps/wheel
skip() {
  echo "skipped: $1"
  exit 0
}
command -v python3 >/dev/null || skip "there is no python3"
python3 -c 'import sysconfig, os, sys; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
  skip "there are no headers of Python"
[[ -f $torch/torch/lib/libtorch.so ]] || skip "PyTorch is not installed (scripts/fetch_pytorch.sh)"
[[ -d $tools/nanobind ]] || skip "nanobind is not installed (scripts/fetch_wheel_tools.sh)"

work=$(mktemp -d --tmpdir sshost-wheel.XXXXXX)
trap 'rm -rf "$work"' EXIT
unset SSHOST_LIBTORCH SSHOST_PLUGIN_PATH LD_LIBRARY_PATH PYTHONPATH CPATH CFLAGS CXXFLAGS LDFLAGS
export PYTHONPATH=$tools PATH=$tools/bin:$PATH PYTHONDONTWRITEBYTECODE=1
python3 -m pip wheel "$source" --quiet --no-deps --no-build-isolation --disable-pip-version-check --wheel-dir "$work" \
  --config-settings "cmake.define.SSHOST_BUILD=$build" --config-settings "build-dir=$build/python/{wheel_tag}" >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }
python3 -m pip install --quiet --no-deps --no-index --disable-pip-version-check --root-user-action ignore \
  --target "$work/site" "$work"/sshost-*.whl
export PYTHONPATH=$work/site:$torch:$tools
cd "$work"
python3 "$source/tests/python/package_test.py"
