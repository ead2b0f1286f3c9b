#include "bridge/operand.h"

#include <utility>

#include "bridge/handle.h"

namespace sshost::bridge {
namespace {

thread_local OperandWatch* watch = nullptr;

}  // namespace

at::Tensor plain(const at::Tensor& tensor) { return tensor.is_quantized() ? tensor.dequantize() : tensor; }

at::Tensor operand(ss_tensor handle) {
  at::Tensor tensor = borrow(handle);
  if (watch != nullptr) watch->on_operand(tensor);
  if (!tensor.is_quantized()) [[likely]]
    return tensor;
  return plain(tensor);
}

OperandWatch::OperandWatch() : before_(std::exchange(watch, this)) {}
OperandWatch::~OperandWatch() { watch = before_; }

}  // namespace sshost::bridge
