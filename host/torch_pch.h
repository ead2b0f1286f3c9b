// The LibTorch headers that all of the host includes, compiled once (host/CMakeLists.txt). A file still includes what it
// uses: these only make it cheap. Further headers make every file dearer: <ATen/ATen.h> costs each a second, so that a
// file names the operators that it calls (<ATen/ops/...>).
#pragma once

#include <ATen/core/Tensor.h>
