#include "model/outputs.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <string>

#include "config/nearest.h"
#include "config/value_error.h"
#include "model/labelled_pixels.h"

namespace sshost::model {
namespace {

int64_t number_of(const std::string& name, const std::vector<data::Class>& classes) {
  const std::vector<std::string> names = data::class_names(classes);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return found - names.begin();
  throw config::ValueError("model.background", "expected a class of the data set, " + config::join_names(names) +
                                                   "; found \"" + name + "\"" + config::suggestion(name, names));
}

Outputs outputs_of_sets(const config::ModelConfig& config, int64_t classes) {
  if (!config.independent) {
    throw config::ValueError("model.outputs",
                             "expected independent, since a pixel of this data set may be of several classes or of "
                             "none; found exclusive");
  }
  if (config.background) {
    throw config::ValueError("model.background",
                             "expected none: what is of no class in this data set is in none of its masks; found \"" +
                                 *config.background + "\"");
  }
  return Outputs::of_sets(classes);
}

}  // namespace

Outputs::Outputs(int64_t classes) : labels_(classes) {
  for (int64_t number = 0; number < classes; ++number) classes_.push_back(number);
}

Outputs Outputs::independent(int64_t classes, std::optional<int64_t> background) {
  Outputs outputs(classes);
  outputs.are_independent_ = true;
  outputs.background_ = background;
  if (background) std::erase(outputs.classes_, *background);
  return outputs;
}

Outputs Outputs::of_sets(int64_t classes) {
  Outputs outputs = independent(classes);
  outputs.labels_are_sets_ = true;
  return outputs;
}

at::Tensor Outputs::targets(const at::Tensor& labels) const {
  if (labels_are_sets_) {
    const at::Tensor bits = at::arange(labels_, at::kLong).to(labels.device()).view({1, labels_, 1, 1});
    const at::Tensor sets = labels.unsqueeze(1);
    return sets.bitwise_right_shift(bits).bitwise_and(1).to(at::kChar).masked_fill_(sets.lt(0), kIgnored);
  }
  const at::Tensor known = targets_of(labels, labels_);
  if (!are_independent_) return known;
  const at::Tensor numbers = at::tensor(classes_, at::kLong).to(labels.device()).view({1, count(), 1, 1});
  const at::Tensor all = known.unsqueeze(1);
  return all.eq(numbers).to(at::kChar).masked_fill_(all.eq(kIgnored), kIgnored);
}

at::Tensor Outputs::shown(const at::Tensor& labels, const at::Tensor& preferred) const {
  if (!labels_are_sets_) return labels;
  const at::Tensor sets = labels.clamp_min(0);
  const at::Tensor is_in =
      sets.bitwise_right_shift(preferred.clamp_min(0)).bitwise_and(1).eq(1).logical_and_(preferred.ge(0));
  const at::Tensor last = sets.clamp_min(1).to(at::kDouble).log2().floor().to(at::kLong);
  return at::where(is_in, preferred, last).masked_fill_(sets.eq(0), -1);
}

at::Tensor Outputs::probabilities(const at::Tensor& logits) const {
  return are_independent_ ? logits.sigmoid() : logits.softmax(1);
}

Outputs outputs_of(const config::ModelConfig& config, const data::DatasetInfo& info) {
  const auto classes = static_cast<int64_t>(info.classes.size());
  if (info.labels_are_sets) return outputs_of_sets(config, classes);
  if (!config.independent) return classes;
  if (!config.background) return Outputs::independent(classes);
  const int64_t background = number_of(*config.background, info.classes);
  if (classes > 1) return Outputs::independent(classes, background);
  throw config::ValueError("model.background", "the data set has no other class");
}

std::vector<data::Class> output_classes(const Outputs& outputs, const std::vector<data::Class>& classes) {
  std::vector<data::Class> chosen;
  for (const int64_t number : outputs.classes()) {
    data::Class& each = chosen.emplace_back(classes.at(static_cast<size_t>(number)));
    const auto mirrored = std::find(outputs.classes().begin(), outputs.classes().end(), each.mirrored);
    // The background's partner has none here, which whoever mirrors refuses.
    each.mirrored = mirrored == outputs.classes().end() ? -1 : mirrored - outputs.classes().begin();
  }
  return chosen;
}

}  // namespace sshost::model
