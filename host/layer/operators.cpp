#include "layer/operators.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <torch/library.h>

#include "layer/kernel/attend.h"

namespace sshost::layer {
namespace {

at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double scale) {
  if (!at::GradMode::is_enabled() && scale > 0 && kernel::fits_attend(query, key, value)) {
    return kernel::attend(query, key, value, scale);
  }
  return at::matmul(at::softmax(at::matmul(query, key) * scale, -1), value);
}

torch::Library make_library() {
  torch::Library library(torch::Library::FRAGMENT, "sshost", std::nullopt, __FILE__, __LINE__);
  library.def("attention(Tensor query, Tensor key, Tensor value, float scale) -> Tensor", &attention);
  return library;
}

}  // namespace

void register_operators() { static const torch::Library library = make_library(); }

}  // namespace sshost::layer
