// The LibTorch headers that most of the host includes, compiled once (host/CMakeLists.txt). A file still includes
// what it uses: this one only makes it cheap.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
