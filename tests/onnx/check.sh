#!/usr/bin/env bash
# check.sh <source> <onnx_samples> [<recipe>...]: exports recipes and runs them in ONNX Runtime and OpenVINO (check.py).
# These are what scripts/fetch_onnx.sh installed, or SSHOST_ONNX_PACKAGES names; skipped without them.
set -euo pipefail
readonly source=$1 samples=$2
shift 2
readonly packages=${SSHOST_ONNX_PACKAGES:-$source/build/deps/onnx}
export PYTHONPATH=$packages PYTHONDONTWRITEBYTECODE=1
python3 -c 'import onnx, onnxruntime, openvino' 2>/dev/null || {
  echo "skipped: onnx, onnxruntime and openvino are not installed (scripts/fetch_onnx.sh)"
  exit 0
}
work=$(mktemp -d --tmpdir sshost-onnx.XXXXXX)
trap 'rm -rf "$work"' EXIT
"$samples" "$work" "$@"
python3 "$source/tests/onnx/check.py" "$work"
