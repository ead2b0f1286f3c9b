// The headers that most commands include, compiled once beside LibTorch's (host/cli/CMakeLists.txt).
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "torch_pch.h"
