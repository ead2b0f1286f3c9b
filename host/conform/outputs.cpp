#include "conform/outputs.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/equal.h>

#include "conform/test.h"
#include "state/finite.h"

namespace sshost::conform {
namespace {

bool are_equal(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
  return !a.is_floating_point() ? at::equal(a, b)
                                : a.eq(b).logical_or(a.isnan().logical_and(b.isnan())).all().item<bool>();
}

std::string difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return c10::str("a shape of ", a.sizes(), " and then one of ", b.sizes());
  const at::Tensor apart = a.to(at::kDouble).sub(b.to(at::kDouble)).abs();
  return c10::str(apart.gt(0).sum().item<int64_t>(), " of ", a.numel(), " values, by up to ",
                  apart.max().item<double>());
}

}  // namespace

void require_equal(const std::vector<at::Tensor>& first, const std::vector<at::Tensor>& second,
                   const std::string& when) {
  if (first.size() != second.size()) {
    throw Broken(when + ": " + std::to_string(first.size()) + " outputs, and then " + std::to_string(second.size()));
  }
  for (std::size_t i = 0; i < first.size(); ++i) {
    const at::Tensor a = first[i].detach(), b = second[i].detach();
    if (!are_equal(a, b)) throw Broken(when + ": output " + std::to_string(i) + " differs in " + difference(a, b));
  }
}

void require_finite(const std::vector<at::Tensor>& outputs, const std::string& when) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (state::is_finite(outputs[i])) continue;
    throw Broken(when + ": output " + std::to_string(i) + " has " +
                 std::to_string(state::count_not_finite(outputs[i])) + " of " + std::to_string(outputs[i].numel()) +
                 " values that are not finite");
  }
}

std::map<std::string, at::Tensor> values_of(const state::StateStore& store) {
  std::map<std::string, at::Tensor> values;
  for (const state::StateEntry& entry : store) values.emplace(entry.name, entry.value.detach().clone());
  return values;
}

void require_same_state(const state::StateStore& store, const std::map<std::string, at::Tensor>& before,
                        bool parameters_alone, const std::string& when) {
  for (const state::StateEntry& entry : store) {
    if (parameters_alone && !entry.trainable) continue;
    if (are_equal(entry.value.detach(), before.at(entry.name))) continue;
    throw Broken(when + ": " + (entry.trainable ? "parameter \"" : "buffer \"") + entry.name + "\" differs in " +
                 difference(before.at(entry.name), entry.value.detach()));
  }
}

}  // namespace sshost::conform
