#!/usr/bin/env bash
# Fetches LibTorch, the C++ half of PyTorch's CPU wheel, and unpacks it into build/deps/libtorch-2.13.0.
# The second time there is nothing to do. `make` calls it; SSHOST_LIBTORCH names a LibTorch of your own instead.
#   SSHOST_CACHE  a folder where the wheel (190 MB) is kept, or found; without it the wheel is deleted after use
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/dependency.sh

readonly version=2.13.0
readonly wanted="torch==$version+cpu"
readonly target=build/deps/libtorch-$version
# What libtorch_cpu.so needs of the wheel; Python's half stays behind.
readonly members=('torch/include/*' 'torch/lib/libtorch_cpu.so' 'torch/lib/libc10.so' 'torch/lib/libgomp*'
  '*.dist-info/licenses/*')

[[ -z ${SSHOST_LIBTORCH:-} ]] || exit 0
begin_dependency "$target" "$wanted"

# Prints the wheel's path. Never plain torch==2.13.0: without "+cpu" that is the CUDA build, gigabytes of it.
get_wheel() {
  trap 'exit 130' INT # pip ends as if it had found nothing
  if [[ -n ${SSHOST_CACHE:-} ]] && find_wheel "$SSHOST_CACHE"; then return; fi
  local pip=(python3 -m pip download --quiet --disable-pip-version-check --no-input --no-deps --dest "$download")
  # This Python may be too new or too old to have a wheel; what is inside for C++ is the same for all.
  "${pip[@]}" "$wanted" >&2 2>"$download/error" ||
    "${pip[@]}" --only-binary=:all: --python-version 3.11 --implementation cp \
      --platform "manylinux_2_28_$(uname -m)" "$wanted" >&2 2>>"$download/error" || return
  local wheel
  wheel=$(find_wheel "$download") || return
  [[ -z ${SSHOST_CACHE:-} ]] || keep "$wheel"
  echo "$wheel"
}

keep() {
  local part=$SSHOST_CACHE/.partial.$$
  mkdir -p "$SSHOST_CACHE"
  { cp "$1" "$part" && mv "$part" "$SSHOST_CACHE/${1##*/}"; } || rm -f "$part"
}

# The first whole one for this machine.
find_wheel() {
  local wheel
  for wheel in "$1"/torch-"$version"+cpu-*_"$(uname -m)".whl; do
    [[ -f $wheel ]] && unzip -tqq "$wheel" >/dev/null 2>&1 && echo "$wheel" && return
  done
  return 1
}

echo "LibTorch $version: fetching $wanted with pip (190 MB)"
if ! wheel=$(get_wheel); then
  tail -n 3 "$download/error" >&2 || true
  cat >&2 <<END
pip finds no $wanted. (torch==$version without "+cpu" is refused: it is the CUDA build.)
Either set PIP_EXTRA_INDEX_URL to the index of PyTorch's CPU wheels, or set SSHOST_LIBTORCH to a LibTorch $version of
your own.
END
  exit 1
fi

unzip -q "$wheel" "${members[@]}" -d "$download/wheel"
mkdir -p "$download/wheel/torch/licenses"
mv "$download"/wheel/*.dist-info/licenses/* "$download/wheel/torch/licenses/"
end_dependency "$target" "$wanted" "$download/wheel/torch"
echo "LibTorch $version: unpacked into $target"
