#include "bridge/operand.h"

#include <utility>

#include "bridge/handle.h"

namespace sshost::bridge {
namespace {

thread_local OperandWatch* watch = nullptr;
thread_local bool hides_bfloat16 = false;

}  // namespace

at::ScalarType plain_type(const at::Tensor& tensor) {
  const at::ScalarType type = tensor.scalar_type();
  const bool is_hidden = tensor.is_quantized() || (hides_bfloat16 && type == at::kBFloat16);
  return is_hidden ? at::kFloat : type;
}

at::Tensor plain(const at::Tensor& tensor) {
  if (!tensor.defined()) return tensor;
  return tensor.is_quantized() ? tensor.dequantize() : tensor.to(plain_type(tensor));
}

at::Tensor operand(ss_tensor handle) {
  at::Tensor tensor = borrow(handle);
  if (watch != nullptr) watch->on_operand(tensor);
  return plain(tensor);
}

HiddenBfloat16::HiddenBfloat16(bool hides) : before_(std::exchange(hides_bfloat16, hides)) {}
HiddenBfloat16::~HiddenBfloat16() { hides_bfloat16 = before_; }

OperandWatch::OperandWatch() : before_(std::exchange(watch, this)) {}
OperandWatch::~OperandWatch() { watch = before_; }

}  // namespace sshost::bridge
