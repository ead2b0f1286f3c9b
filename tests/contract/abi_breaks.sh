#!/usr/bin/env bash
# abi_breaks.sh <include>: the guard of the contract sees what breaks it, on copies, and lets pass what grows.
set -euo pipefail
readonly include=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d --tmpdir sshost-abi-breaks.XXXXXX)
readonly here work
trap 'rm -rf "$work"' EXIT
failed=0
command -v abidiff >/dev/null || {
  echo "skipped: abidw and abidiff are not installed (Debian: abigail-tools)"
  exit 0
}

# guard <header> <sed expression>: the guard's exit code for a copy with this edit; what it prints is in $work/out.
guard() {
  rm -rf "$work/copy"
  cp -rL "$include" "$work/copy"
  sed -i -E "$2" "$work/copy/sshost/abi/$1"
  if cmp -s "$include/sshost/abi/$1" "$work/copy/sshost/abi/$1"; then
    echo "abi_breaks: the edit of $1 changes nothing: $2" >&2
    exit 1
  fi
  "$here/abi_guard.sh" "$work/copy" >"$work/out" 2>&1
}
breaks() { # <what> <header> <edit> <text that is printed>
  if guard "$2" "$3"; then
    echo "passed, though it breaks: $1" && failed=1
  elif ! grep -qF -- "$4" "$work/out"; then
    echo "not told with \"$4\": $1" && cat "$work/out" && failed=1
  fi
}
passes() { # <what> <header> <edit>
  guard "$2" "$3" || { echo "refused, though it only grows: $1" && cat "$work/out" && failed=1; }
}

breaks "a member in the middle of a descriptor" layers.h \
  's/^  int64_t in_channels;/  int64_t sneaked;\n&/' "'int64_t sneaked'"
breaks "a member that is gone" layers.h 's/^  int64_t groups;$//' "'int64_t groups'"
breaks "two members that change places" context.h \
  's/int64_t epoch;/int64_t step_;/; s/int64_t step;/int64_t epoch;/; s/int64_t step_;/int64_t step;/' "ss_context_info"
breaks "a value with another number" layers.h 's/SS_ACTIVATION_GELU = 4/SS_ACTIVATION_GELU = 44/' "SS_ACTIVATION_GELU"
breaks "a value that is gone" tensor.h 's/^  SS_INT16 = 2,//' "SS_INT16"
breaks "a table with one function more" ops.h 's/^\} ss_ops_table;/  void (*more)(void);\n&/' "ss_ops_table"
breaks "a function with one argument more" ops.h 's/\(\*resolve\)\(ss_string name/&, int32_t more/' "ss_ops_table"
breaks "an element of an array that grew" dataset.h 's/^\} ss_class;/  int64_t more;\n&/' "ss_class"
breaks "a type of another width" tensor.h 's/^typedef int32_t ss_dtype;/typedef int64_t ss_dtype;/' "ss_dtype"
breaks "a struct that is gone" files.h 's/ss_files_table/ss_files_tables/' "ss_files_table"
breaks "an id that is called otherwise" loss.h 's|"ss.loss/1"|"ss.loss/2"|' 'SS_LOSS_1 "ss.loss/1"'
breaks "a growing struct that also moved" layers.h \
  's/^\} ss_conv_spec;/  int64_t more;\n&/; s/^  int64_t in_channels;/  int64_t sneaked;\n&/' "'int64_t sneaked'"
breaks "a growing struct of which two members change places" context.h \
  's/^\} ss_context_info;/  int64_t more;\n&/; s/int64_t epoch;/int64_t step_;/; s/int64_t step;/int64_t epoch;/;
   s/int64_t step_;/int64_t step;/' "ss_context_info"
breaks "a member that is now the last one" context.h \
  's/^  int32_t device_index;//; s/^\} ss_context_info;/  int32_t device_index;\n&/' "device_index"
passes "a descriptor with one member more at its end" layers.h 's/^\} ss_conv_spec;/  int64_t more;\n&/'
passes "an enumeration with one value more" layers.h 's/SS_ACTIVATION_ELU = 9/&, SS_ACTIVATION_MISH = 10/'
passes "a new table with a new id" head.h \
  's|^#define SS_HEAD_1 .*|&\n#define SS_HEAD_2 "ss.head/2"|;
   s|^\} ss_head_table;|&\ntypedef struct ss_head_2_table {\n  void (*more)(void);\n} ss_head_2_table;|'
exit $failed
