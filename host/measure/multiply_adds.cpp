#include "measure/multiply_adds.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

namespace sshost::measure {
namespace {

using Inputs = c10::ArrayRef<const c10::IValue>;

// The numbers of a list that may hold one for all axes.
int64_t at_axis(const c10::IValue& list, size_t axis) {
  const std::vector<int64_t> values = list.toIntVector();
  return values[std::min(axis, values.size() - 1)];
}

// The places where a convolution's filters are applied: (input, weight, bias, stride, padding, dilation, ...).
int64_t places(Inputs inputs) {
  const at::Tensor& input = inputs[0].toTensor();
  const at::Tensor& weight = inputs[1].toTensor();
  int64_t count = input.size(0);
  for (int64_t axis = 0; axis + 2 < input.dim(); ++axis) {
    const auto at = static_cast<size_t>(axis);
    const int64_t reach = at_axis(inputs[5], at) * (weight.size(axis + 2) - 1) + 1;
    count *= (input.size(axis + 2) + 2 * at_axis(inputs[4], at) - reach) / at_axis(inputs[3], at) + 1;
  }
  return count;
}

// A transposed one spreads each value of its input over the filters of its channel.
int64_t of_convolution(Inputs inputs) {
  const at::Tensor& weight = inputs[1].toTensor();
  const bool transposed = inputs[6].toBool();
  return transposed ? inputs[0].toTensor().numel() * (weight.numel() / weight.size(0))
                    : places(inputs) * weight.numel();
}

int64_t of_product(const at::Tensor& left, const at::Tensor& right) { return left.numel() * right.size(-1); }

// (query [..., L, D], key [..., S, D], value [..., S, E], ...): query times key, and the weights times value.
int64_t of_attention(Inputs inputs) {
  const at::Tensor& query = inputs[0].toTensor();
  const int64_t weights = query.numel() / query.size(-1) * inputs[1].toTensor().size(-2);
  return weights * (query.size(-1) + inputs[2].toTensor().size(-1));
}

int64_t of_operator(std::string_view name, Inputs inputs) {
  if (name == "aten::convolution") return of_convolution(inputs);
  if (name == "aten::mm" || name == "aten::bmm") return of_product(inputs[0].toTensor(), inputs[1].toTensor());
  if (name == "aten::addmm" || name == "aten::baddbmm") return of_product(inputs[1].toTensor(), inputs[2].toTensor());
  if (name.starts_with("aten::_scaled_dot_product_")) return of_attention(inputs);
  return 0;
}

// What is counted on this thread; nullptr: nothing is.
thread_local int64_t* counter = nullptr;

std::unique_ptr<at::ObserverContext> count(const at::RecordFunction& function) {
  if (counter != nullptr) *counter += of_operator(function.name(), function.inputs());
  return nullptr;
}

class Recording {
 public:
  explicit Recording(int64_t& total)
      : handle_(at::addThreadLocalCallback(
            at::RecordFunctionCallback(count).needsInputs(true).scopes({at::RecordScope::FUNCTION}))) {
    counter = &total;
  }
  ~Recording() {
    counter = nullptr;
    at::removeCallback(handle_);
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  at::CallbackHandle handle_;
};

}  // namespace

int64_t count_multiply_adds(const std::function<void()>& work) {
  int64_t total = 0;
  const Recording recording(total);
  work();
  return total;
}

}  // namespace sshost::measure
