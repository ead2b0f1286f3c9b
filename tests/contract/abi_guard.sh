#!/usr/bin/env bash
# abi_guard.sh <include> [record]: compares the contract's headers with the recorded 1.0 by libabigail, and prints what
# breaks binaries that were built with that. What grew at the end of a descriptor struct, new values of enumerations,
# new tables, ids and types are no break. With "record" it writes the record anew, where nothing breaks the old one:
# what is published from now on is then guarded, too.
set -euo pipefail
readonly include=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d --tmpdir sshost-abi.XXXXXX)
readonly here work record=$here/abi-1.0.abi.xz constants=$here/abi-1.0.constants
trap 'rm -rf "$work"' EXIT
command -v abidw >/dev/null && command -v abidiff >/dev/null || {
  echo "skipped: abidw and abidiff are not installed (Debian: abigail-tools)"
  exit 0
}
"$here/abi_dump.sh" "$include" "$work/now"

# Structs that begin with their size may grow at their end, others are frozen: of those that have grown, what lies
# behind the recorded size is taken out before the two are compared. (abidiff's own way, a suppression of what is
# inserted at the end, also suppresses members that change places.) A member in what was padding at the end is no
# growth: no reader could tell that it is there.
sized=$(awk '/^typedef struct ss_[a-z0-9_]+ \{$/ { name = $3; getline; if (/^  uint32_t size;/) print name }' \
  "$include"/sshost/abi/*.h | paste -sd' ')
without_growth() {
  awk -v sized="$sized" '
    function attribute(name) {
      if (!match($0, name "=\047[^\047]*\047")) return ""
      return substr($0, RSTART + length(name) + 2, RLENGTH - length(name) - 3)
    }
    BEGIN { split(sized, list, " "); for (i in list) may_grow[list[i]] = 1 }
    /<class-decl / { name = attribute("name"); size = attribute("size-in-bits") + 0 }
    FNR == NR { if (/<class-decl / && size) recorded[name] = size; next }
    /<class-decl / {
      cut = may_grow[name] && recorded[name] && size > recorded[name] ? recorded[name] : 0
      if (cut) sub("size-in-bits=\047" size "\047", "size-in-bits=\047" cut "\047")
    }
    /<data-member / && cut && attribute("layout-offset-in-bits") + 0 >= cut { dropping = 1 }
    !dropping { print }
    /<\/data-member>/ { dropping = 0 }
  ' "$work/recorded" "$work/now/abi"
}

# New values of an enumeration are harmless to abidiff, and so is a member of another name: the one is passed over, the
# other is not, so that the two are looked at apart.
printf '[suppress_type]\n  type_kind = enum\n' >"$work/no_enumerations"
broken=0
compare() {
  abidiff --no-added-syms "$@" "$work/recorded" "$work/comparable" >"$work/out" && return
  broken=1
  grep -v '^$' "$work/out"
}
[[ -e $record || ${2:-} == record ]] || { echo "there is no $record to compare with" && exit 1; }
if [[ -e $record ]]; then
  xz --decompress --stdout "$record" >"$work/recorded"
  without_growth >"$work/comparable"
  compare
  compare --harmless --suppressions "$work/no_enumerations"
  if comm -23 "$constants" "$work/now/constants" | grep . >"$work/out"; then
    broken=1
    echo "constants that are gone, or have another value:"
    cat "$work/out"
  fi
fi
if ((broken)); then
  echo "core/abi breaks plugins that were built with the recorded 1.0 (docs/abi.md)"
  exit 1
fi
[[ ${2:-} == record ]] || exit 0
xz --compress -9e --stdout "$work/now/abi" >"$record"
cp "$work/now/constants" "$constants"
