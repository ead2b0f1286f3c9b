#!/usr/bin/env bash
# run_tests.sh <build> [ctest's options]: all tests of a build, as many at a time as SSHOST_JOBS says (default: cores).
# What was skipped is listed with its reason, also where it was one test of a program that passed. Without options of
# ctest nothing runs where everything passed before and nothing that the tests run or read has changed since.
set -euo pipefail
readonly build=$1
shift
readonly stamp=$build/.tests_passed

# What decides the outcome: the sources (never the same twice without git, or where a file of its list is gone); and the
# programs and plugins, with what else lets a test be skipped. Some tests build libraries of their own, so the latter is
# settled only when they are done.
sources() { { git ls-files -co --exclude-standard -z 2>/dev/null | xargs -0 sha1sum 2>/dev/null || date +%N; } | sha1sum; }
programs() {
  {
    find "$build" -type f \( -perm -u+x -o -name '*.so' \) -not -path '*/CMakeFiles/*' -printf '%p %s %T@\n' | sort
    for path in ../shared build/deps/{python,tensorboard,onnx,wheel}; do [[ ! -e $path ]] || echo "$path"; done
    command -v chromium-headless-shell chromium google-chrome strip clang ip nsenter unshare || true
    python3 -c 'import tensorboard' 2>/dev/null && echo "a Python with tensorboard" || true
    echo "user $(id -u), SSHOST_TORCH_PYTHON=${SSHOST_TORCH_PYTHON:-}"
  } | sha1sum
}

readonly tested=$(sources)
if [[ $# -eq 0 && $(cat "$stamp" 2>/dev/null) == "$tested$(programs)" ]]; then
  echo "Nothing to do: all tests passed on $(date -r "$stamp" '+%F at %T'), and nothing has changed since." \
    "Again: ctest --test-dir $build"
  exit 0
fi
rm -f "$stamp"

result=0
ctest --test-dir "$build" -j "${SSHOST_JOBS:-$(nproc)}" --output-on-failure --progress "$@" || result=$?

# GoogleTest says "<file>:<line>: Skipped", the reason in the lines after it, then "[  SKIPPED ] <name> (<time>)".
awk '
  /^skipped: / { ++count; ++same[substr($0, 10)]; next }
  /: Skipped$/ { reason = ""; inside = 1; next }
  /^\[  SKIPPED \] .*\([0-9]+ ms\)$/ { ++count; lines = lines "  " $4 ": " reason "\n"; inside = 0; next }
  inside && NF { reason = reason (reason == "" ? "" : " ") $0 }
  END {
    for (reason in same) lines = lines "  " same[reason] " x " reason "\n"
    if (count) printf "Skipped, %d:\n%s", count, lines
  }' "$build/Testing/Temporary/LastTest.log"
if [[ $result -eq 0 && $# -eq 0 && $(sources) == "$tested" ]]; then echo "$tested$(programs)" >"$stamp"; fi
exit $result
