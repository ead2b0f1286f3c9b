// The LibTorch headers that all of the host includes, compiled once (host/CMakeLists.txt). A file still includes what it
// uses: these only make it cheap. Further headers make every file dearer: <ATen/ATen.h> costs each a second, so that a
// file names the operators that it calls (<ATen/ops/...>), and finds here what each of those includes.
#pragma once

#include <ATen/Context.h>
#include <ATen/DeviceGuard.h>
#include <ATen/TensorUtils.h>
#include <ATen/TracerMode.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Reduction.h>
#include <ATen/core/Tensor.h>
