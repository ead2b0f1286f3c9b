#!/usr/bin/env bash
# lint.sh format       clang-format over every tracked source; changes nothing
# lint.sh tidy [base]  clang-tidy over the sources that differ from base (default: origin/main, else the commit before
#                      the last), and over one that includes each header that does: LibTorch's headers make each slow
set -euo pipefail
cd "$(dirname "$0")/.."
readonly patterns=('*.h' '*.hpp' '*.c' '*.cpp')

format() {
  local complaints
  if complaints=$(git ls-files -z -- "${patterns[@]}" | xargs -0 -r clang-format --dry-run -Werror 2>&1); then
    echo "format: $(git ls-files -- "${patterns[@]}" | wc -l) files, all as .clang-format says"
    return
  fi
  echo "format: not as .clang-format says; \`make format\` rewrites:" >&2
  sed -nE 's/^([^ :]+):([0-9]+):[0-9]+: error: .*/  \1:\2/p' <<<"$complaints" | sort -u -t: -k1,1 >&2
  return 1
}

is_compiled() { grep -qF "/$1\"" build/tidy/compile_commands.json; }

# source_with <header>: a compiled source that includes it, its own one if there is one.
source_with() {
  local file
  for file in "${1%.*}.cpp" $(git grep -lE "#include [\"<]([^\">]*/)?$(basename "$1")[\">]" -- '*.c' '*.cpp'); do
    if is_compiled "$file"; then
      echo "$file"
      return
    fi
  done
}

# changed <base>: tracked files that differ from it, and new ones.
changed() {
  git diff --name-only --diff-filter=d "$1" -- "${patterns[@]}" || return
  git ls-files --others --exclude-standard -- "${patterns[@]}"
}

# clang-tidy reads clang's compile commands, without a precompiled header of another compiler.
tidy() {
  local base=${1:-origin/main}
  if ! git rev-parse --verify --quiet "$base^{commit}" >/dev/null; then
    [[ -z ${1:-} ]] || { echo "lint: $1 is no commit of this repository" >&2 && return 2; }
    base=HEAD~1
    git rev-parse --verify --quiet "$base^{commit}" >/dev/null || base=$(git hash-object -t tree /dev/null) # all files
  fi
  cmake --preset tidy --log-level=WARNING >/dev/null
  local files
  files=$(changed "$base" |
    while read -r file; do
      case $file in
        *.h | *.hpp) source_with "$file" ;;
        *) ! is_compiled "$file" || echo "$file" ;;
      esac
    done | sort -u)
  if [[ -z $files ]]; then
    echo "tidy: nothing changed since $base"
    return
  fi
  # The count that is left out is of warnings in other people's headers, which are not shown.
  xargs -P "${SSHOST_JOBS:-$(nproc)}" -n 1 clang-tidy --quiet -p build/tidy <<<"$files" 2>&1 |
    sed -E '/^[0-9]+ warnings? generated\.$/d'
  echo "tidy: $(wc -l <<<"$files") files that changed since $base, clean"
}

case ${1:-} in
  format) format ;;
  tidy) tidy "${2:-}" ;;
  *) echo "usage: scripts/lint.sh format | tidy [base]" >&2 && exit 2 ;;
esac
