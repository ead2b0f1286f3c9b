#!/usr/bin/env bash
# Installs the ONNX checker, ONNX Runtime and OpenVINO into build/deps/onnx, for the test that runs exported models in
# them: see install_python.sh. `make test` calls it.
set -euo pipefail
exec "$(dirname "$0")/install_python.sh" onnx onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.0
