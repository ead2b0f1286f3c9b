// The LibTorch headers that most of the host includes, compiled once (host/CMakeLists.txt). A file still includes
// what it uses: this one only makes it cheap. Further headers make every file dearer: those of autograd, which few
// need, cost each a second.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
