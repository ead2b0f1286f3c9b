#!/usr/bin/env bash
# check_symbols.sh <libsshost.so> <api.h>: the library shows every function that the header declares, with a version,
# and nothing else.
set -euo pipefail
shown=$(nm --dynamic --defined-only --with-symbol-versions "$1" | awk '$2 != "A" { print $3 }' | sort)
declared=$(grep -oE '\bsshost_[a-z_]+\(' "$2" | tr -d '(' | sort -u | grep -v '_function$')
unversioned=$(grep -v '@@SSHOST_' <<<"$shown" || true)
[[ -z $unversioned ]] || { echo "shown without a version: $unversioned" >&2; exit 1; }
diff <(sed 's/@@.*//' <<<"$shown") <(echo "$declared")
