#!/usr/bin/env bash
# install_python.sh <folder> <requirement>...: installs Python packages, with all that they need, for this machine's
# python3 into build/deps/<folder>; nothing outside that folder changes. The second time there is nothing to do. Where
# pip does not find one it says so and ends well: the tests that need it are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/dependency.sh

readonly target=build/deps/$1
shift
readonly wanted=$*
python=$(python3 --version)
readonly mark="$wanted, $python"
begin_dependency "$target" "$mark"

echo "$wanted for $python: installing with pip"
# A wheel that SSHOST_CACHE holds, or that pip downloaded for LibTorch, is taken from there.
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-compile --only-binary=:all: \
  ${SSHOST_CACHE:+--find-links "$SSHOST_CACHE"} --target "$download/python" "$@" 2>"$download/error"; then
  tail -n 1 "$download/error" >&2 || true
  echo "pip does not find $wanted for $python; the tests that need it will be skipped"
  exit 0
fi
end_dependency "$target" "$mark" "$download/python"
echo "$wanted: installed into $target"
