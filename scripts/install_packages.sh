#!/usr/bin/env bash
# Installs the Debian packages that are missing, and says nothing where none is. Arguments: build (to build and run),
# test (the tests as well), wheel (the Python package), lint (formatter and linter). Needs root or sudo only where something is missing.
set -euo pipefail

packages=()
for group in "$@"; do
  case $group in
    build) # GoogleTest too: the build is configured with its tests, whether they are compiled or not
      packages+=(make cmake ninja-build ccache g++ binutils ca-certificates python3-pip unzip
        libboost-dev libcli11-dev libhwy-dev libjpeg62-turbo-dev libmd-dev libonnx-dev libpng-dev libprotobuf-dev
        libspdlog-dev protobuf-compiler libtiff-dev libutf8proc-dev libwebp-dev libxxhash-dev libyaml-cpp-dev nlohmann-json3-dev zlib1g-dev
        libopencv-core-dev libopencv-imgproc-dev libgmock-dev libgtest-dev)
      ;;
    test) # clang for its sanitizers and libFuzzer, libabigail to compare the contract with the recorded one,
      # iproute2 for network namespaces, a browser for the reports,
      # OpenCV's image codecs to compare with (the program has none of them), shells for the completions, Python's headers
      packages+=(abigail-tools clang libclang-rt-dev iproute2 xz-utils chromium-headless-shell libopencv-imgcodecs-dev fish zsh
        python3-dev)
      ;;
    wheel) packages+=(python3-dev python3-venv) ;;
    lint) packages+=(clang-format clang-tidy git) ;;
    *) echo "install_packages.sh: unknown group $group" >&2 && exit 2 ;;
  esac
done

# One line "<package> ii" for each that is installed; the others are dpkg's complaints.
installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Abbrev}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -q "^$package ii" <<<"$installed" || missing+=("$package")
done
((${#missing[@]})) || exit 0

run=()
if [[ $(id -u) != 0 ]]; then
  command -v sudo >/dev/null || {
    echo "Missing packages, and neither root nor sudo to install them: ${missing[*]}" >&2
    exit 1
  }
  run=(sudo)
fi
echo "Installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# apt's own lines are shown only where it fails.
if ! { "${run[@]}" apt-get -o DPkg::Lock::Timeout=600 update -q &&
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -qq -y --no-install-recommends "${missing[@]}"; } \
  >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi
