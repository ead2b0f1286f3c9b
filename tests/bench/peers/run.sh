#!/usr/bin/env bash
# Installs the other programs into build/peers/venv, once, and compares: tests/bench/peers/run.sh [compare.py's options]
set -euo pipefail
cd "$(dirname "$0")/../../.."
venv=build/peers/venv
if [[ ! -e $venv/complete ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --no-deps torch==2.13.0+cpu
  "$venv/bin/pip" install --quiet -r tests/bench/peers/requirements.txt
  touch "$venv/complete"
fi
exec "$venv/bin/python" tests/bench/peers/compare.py "$@"
