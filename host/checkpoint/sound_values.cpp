#include "checkpoint/sound_values.h"

#include <ATen/ops/abs.h>
#include <ATen/ops/gt.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/max.h>
#include <ATen/ops/sum.h>

#include "base/error.h"
#include "state/finite.h"

namespace sshost::checkpoint {
namespace {

constexpr size_t kListed = 12;  // tensors in one message
constexpr double kMost = 1e20;

using NamedTensor = std::pair<std::string, at::Tensor>;

std::string of_all(int64_t count, const at::Tensor& tensor) {
  return std::to_string(count) + " of " + std::to_string(tensor.numel()) + " values are ";
}

// What is wrong with a tensor; empty where nothing is.
std::string unsound(const NamedTensor& named) {
  const auto& [name, tensor] = named;
  if (!state::is_finite(tensor)) {
    return name + " (" + of_all(state::count_not_finite(tensor), tensor) + "not finite)";
  }
  if (!name.ends_with("running_var") || !tensor.is_floating_point()) return {};
  const auto negative = tensor.lt(0).sum().item<int64_t>();
  return negative == 0 ? "" : name + " (" + of_all(negative, tensor) + "negative variances)";
}

std::string immoderate(const NamedTensor& named) {
  const auto& [name, tensor] = named;
  if (!tensor.is_floating_point() || tensor.numel() == 0) return {};
  if (tensor.abs().max().item<double>() <= kMost) return {};  // false of NaN too
  const int64_t count = tensor.abs().gt(kMost).sum().item<int64_t>() + tensor.isnan().sum().item<int64_t>();
  return name + " (" + of_all(count, tensor) + "NaN or beyond 1e20)";
}

template <typename Judge>
std::string join(const std::vector<NamedTensor>& tensors, Judge&& judge) {
  std::string text;
  size_t count = 0;
  for (const NamedTensor& tensor : tensors) {
    const std::string wrong = judge(tensor);
    if (wrong.empty() || ++count > kListed) continue;
    text += (text.empty() ? "" : ", ") + wrong;
  }
  return text + (count > kListed ? " and " + std::to_string(count - kListed) + " more" : "");
}

}  // namespace

void require_sound_values(const std::vector<NamedTensor>& tensors, const std::string& what) {
  const std::string wrong = join(tensors, unsound);
  if (wrong.empty()) return;
  throw Error(
      what + ": expected finite values, found others in " + wrong +
      ". The training that made them went wrong, or the file is damaged; `weights.values: any` lets them through");
}

void require_moderate_values(const std::vector<NamedTensor>& tensors, const std::string& what) {
  const std::string wrong = join(tensors, immoderate);
  if (!wrong.empty()) throw Error(what + ": damaged: expected values that training comes to, found others in " + wrong);
}

}  // namespace sshost::checkpoint
