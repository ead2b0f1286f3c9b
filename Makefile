# `make quickstart` and `make test` on a bare Debian 12: they install what is missing, build, and run. Nothing is
# asked, and what is already there is left alone.
#
#   SSHOST_JOBS=2           compilers and tests at a time (default: all cores)
#   SSHOST_LIBTORCH=<dir>   a LibTorch of your own instead of the fetched one
#   SSHOST_CACHE=<dir>      keep, and look for, LibTorch's wheel there
#   PREFIX=<dir>            where `make install` puts it (default: /usr/local)
#   BASE=<commit>           what `make lint` compares with (default: origin/main, else the commit before the last)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:  # its parts install and build one after the other; SSHOST_JOBS says how many compilers
.PHONY: help quickstart build test lint format-check format asan install clean packages-build \
        packages-test packages-wheel packages-lint libtorch pytorch tensorboard onnx wheel-tools wheel configure

SSHOST_JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
# As the build remembers it.
SSHOST_LIBTORCH ?= $(shell sed -n 's/^SSHOST_LIBTORCH:[A-Z]*=//p' build/release/CMakeCache.txt 2>/dev/null)
export SSHOST_JOBS SSHOST_LIBTORCH
# Ninja's one-line status where there is a terminal; elsewhere only what goes wrong.
NINJA_QUIET := $(if $(MAKE_TERMOUT),,-- --quiet)
BUILD := build/release
# $(call compile,<folder>,<targets>)
compile = echo "Building in $(1), $(SSHOST_JOBS) at a time"; \
  flock $(1)/.lock cmake --build $(1) -j $(SSHOST_JOBS) $(if $(2),--target $(2)) $(NINJA_QUIET)

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

quickstart: packages-build libtorch configure  ## build, then train, evaluate and report on a small synthetic data set
	@$(call compile,$(BUILD),sshost plugins/all)
	@scripts/quickstart.sh $(BUILD)

build: packages-build libtorch configure  ## build/release/bin/sshost, its plugins, and parity_check
	@$(call compile,$(BUILD),sshost parity_check plugins/all)

test: packages-build packages-test libtorch pytorch tensorboard onnx wheel-tools configure  ## build everything, run every test
	@$(call compile,$(BUILD))
	@scripts/run_tests.sh $(BUILD)

lint: packages-build packages-test packages-lint libtorch format-check  ## format of all files, clang-tidy on what changed
	@scripts/lint.sh tidy $(BASE)

format-check: packages-lint  ## format alone
	@scripts/lint.sh format

format:  ## rewrite every tracked source as .clang-format says
	@git ls-files -z -- '*.h' '*.hpp' '*.c' '*.cpp' | xargs -0 -r clang-format -i

asan: packages-build packages-test  ## tests of contract, loader and configuration under ASan and UBSan
	@cmake --preset asan --log-level=WARNING >/dev/null
	@$(call compile,build/asan)
	@scripts/run_tests.sh build/asan

install: build  ## into PREFIX; third parties then use find_package(sshost)
	@cmake --install $(BUILD) --prefix "$(PREFIX)" >/dev/null
	@echo "Installed in $(PREFIX)"

wheel: packages-build packages-wheel libtorch  ## dist/sshost-*.whl, for pip
	@scripts/build_wheel.sh

clean:  ## drop the builds, keep LibTorch
	@rm -rf build/release build/dev build/asan build/tidy

packages-build:
	@scripts/install_packages.sh build

packages-test:
	@scripts/install_packages.sh test

packages-wheel:
	@scripts/install_packages.sh wheel

packages-lint:
	@scripts/install_packages.sh lint

libtorch: | packages-build
	@scripts/fetch_libtorch.sh

pytorch: | libtorch
	@scripts/fetch_pytorch.sh

tensorboard: | pytorch
	@scripts/fetch_tensorboard.sh

onnx: | pytorch
	@scripts/fetch_onnx.sh

wheel-tools: | pytorch
	@scripts/fetch_wheel_tools.sh

configure: | libtorch packages-build
	@mkdir -p $(BUILD) && flock $(BUILD)/.lock cmake --preset release --log-level=NOTICE >/dev/null
