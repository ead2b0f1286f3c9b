#!/usr/bin/env bash
# Installs TensorBoard into build/deps/tensorboard, for the test that reads event files with it: see install_python.sh.
# `make test` calls it.
set -euo pipefail
exec "$(dirname "$0")/install_python.sh" tensorboard tensorboard==2.21.0
