#!/usr/bin/env bash
# run_tests.sh <build> [ctest's options]: all tests of a build, as many at a time as SSHOST_JOBS says (default: cores).
# What was skipped is listed with its reason, also where it was one test of a program that passed.
set -euo pipefail
readonly build=$1
shift

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
exit $result
