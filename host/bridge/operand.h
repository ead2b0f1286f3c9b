// The tensors that plugins hand to operators, as the operators read them.
#ifndef SSHOST_BRIDGE_OPERAND_H
#define SSHOST_BRIDGE_OPERAND_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/tensor.h>

namespace sshost::bridge {

// The values of a tensor that a layer may have left in 8 bits, or in bfloat16 (HiddenBfloat16): plugins never see that it
// did.
at::Tensor plain(const at::Tensor& tensor);
at::ScalarType plain_type(const at::Tensor& tensor);

// While one exists that hides, tensors of bfloat16 are float32 to what plugins call on this thread: the model is of
// float32, and convolutions alone compute in bfloat16.
class HiddenBfloat16 {
 public:
  explicit HiddenBfloat16(bool hides);
  ~HiddenBfloat16();
  HiddenBfloat16(const HiddenBfloat16&) = delete;
  HiddenBfloat16& operator=(const HiddenBfloat16&) = delete;

 private:
  bool before_;
};

// The tensor behind a handle as plain values. A watch of this thread is told of it.
at::Tensor operand(ss_tensor handle);

// Is told of each tensor that an operator reads on this thread, while it exists; the last one made wins.
class OperandWatch {
 public:
  OperandWatch();
  virtual ~OperandWatch();
  OperandWatch(const OperandWatch&) = delete;
  OperandWatch& operator=(const OperandWatch&) = delete;

  virtual void on_operand(const at::Tensor& tensor) = 0;

 private:
  OperandWatch* before_;
};

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_OPERAND_H
