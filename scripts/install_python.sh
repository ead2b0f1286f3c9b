#!/usr/bin/env bash
# install_python.sh <folder> <requirement>: installs a Python package, with all that it needs, for this machine's
# python3 into build/deps/<folder>; nothing outside that folder changes. The second time there is nothing to do. Where
# pip does not find the package it says so and ends well: the tests that need it are skipped then.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly target=build/deps/$1 wanted=$2
python=$(python3 --version)
readonly stamp=$target/.complete mark="$wanted, $python"
[[ $(cat "$stamp" 2>/dev/null) != "$mark" ]] || exit 0

mkdir -p build/deps
exec 9>build/deps/.lock && flock 9 # two makes at once: the second finds the work done
[[ $(cat "$stamp" 2>/dev/null) != "$mark" ]] || exit 0

download=$(mktemp -d build/deps/fetch.XXXXXX)
trap 'rm -rf "$download"' EXIT
echo "$wanted for $python: installing with pip"
# A wheel that SSHOST_CACHE holds, or that pip downloaded for LibTorch, is taken from there.
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-compile --only-binary=:all: \
  ${SSHOST_CACHE:+--find-links "$SSHOST_CACHE"} --target "$download/python" "$wanted" 2>"$download/error"; then
  tail -n 1 "$download/error" >&2 || true
  echo "pip does not find $wanted for $python; the tests that need it will be skipped"
  exit 0
fi
echo "$mark" >"$download/python/.complete"
rm -rf "$target"
mv "$download/python" "$target"
echo "$wanted: installed into $target"
