# Sourced by the scripts that put something into build/deps, from the repository's root: each is put there once, as a
# whole or not at all.

# Into a folder of the project's own, whatever pip is told to do elsewhere.
export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0

# begin_dependency <target> <mark>: ends the script where <target> is there and was made from <mark>. Else $download is
# an empty folder, which goes away with the script.
begin_dependency() {
  ! is_complete "$@" || exit 0
  mkdir -p build/deps
  exec 9>build/deps/.lock && flock 9 # two makes at once: the second finds the work done
  ! is_complete "$@" || exit 0
  download=$(mktemp -d build/deps/fetch.XXXXXX)
  trap 'rm -rf "$download"' EXIT
  trap 'exit 130' INT # pip ends as if it had found nothing
}

# end_dependency <target> <mark> <folder>: the folder becomes the target.
end_dependency() {
  echo "$2" >"$3/.complete"
  rm -rf "$1"
  mv "$3" "$1"
}

is_complete() { [[ $(cat "$1/.complete" 2>/dev/null) == "$2" ]]; }
