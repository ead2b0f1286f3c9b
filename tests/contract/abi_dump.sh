#!/usr/bin/env bash
# abi_dump.sh <include> <out>: what a binary knows of the headers in <include>/sshost/abi: <out>/abi, by libabigail's
# abidw, with every struct, table, handle, type and enumeration; and <out>/constants, the ids and versions.
#
# Types are seen by abidw where a variable has them. Enumerations of the contract have no names in C, since a value is
# of a type with a fixed width: in the copy that is compiled each is named after its first value.
set -euo pipefail
readonly include=$1 out=$2
mkdir -p "$out/sshost/abi"
for header in "$include"/sshost/abi/*.h; do
  awk '
    function name_it() {
      first = substr($0, RSTART, RLENGTH)
      sub(/enum \{/, "enum values_from_" first " {", held)
      printf "%s", held
      held = ""
    }
    /^enum \{/ || held != "" { held = held $0 "\n"; if (match($0, /SS_[A-Z0-9_]+/)) name_it(); next }
    { print }' "$header" >"$out/sshost/abi/$(basename "$header")"
done
{
  for header in "$out"/sshost/abi/*.h; do echo "#include <sshost/abi/$(basename "$header")>"; done
  sed -nE -e 's/^\} (ss_[a-z0-9_]+);$/\1* probe_\1;/p' \
    -e 's/^typedef u?int[0-9]+_t (ss_[a-z0-9_]+);.*/\1 probe_\1;/p' \
    -e 's/^typedef (const )?struct [a-z0-9_]+\* (ss_[a-z0-9_]+);.*/\2 probe_\2;/p' \
    -e 's/^typedef [^(]*\(\*(ss_[a-z0-9_]+)\)\(.*/\1 probe_\1;/p' \
    -e 's/^enum (values_from_[A-Z0-9_]+) .*/enum \1 probe_\1;/p' "$out"/sshost/abi/*.h
} >"$out/probe.c"
# The headers' own assertions are for others: here a break is to be described.
gcc -std=c11 -w -g -shared -fPIC '-D_Static_assert(condition, message)=extern int ss_unused' -I "$out" "$out/probe.c" \
  -o "$out/probe.so"
abidw --no-corpus-path --no-comp-dir-path --no-show-locs "$out/probe.so" >"$out/abi"
sed -nE 's/^#define (SS_[A-Z0-9_]+) +("[^"]*"|\(?-?[0-9]+\)?)( .*)?$/\1 \2/p' "$include"/sshost/abi/*.h |
  grep -v "^SS_ABI_MINOR " | sort >"$out/constants"
