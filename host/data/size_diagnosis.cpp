#include "data/size_diagnosis.h"

#include <algorithm>
#include <optional>

#include "config/default_transforms.h"
#include "data/transform_list.h"

namespace sshost::data {
namespace {

using Value = ss_options_object;

Value square(const std::string& type, int64_t side) {
  Value size = config::make_list({});
  size.set("height", config::make_integer(side));
  size.set("width", config::make_integer(side));
  Value transform = config::make_map();
  transform.set("type", config::make_string(type));
  transform.set("size", std::move(size));
  return transform;
}

int64_t median_shorter_side(const std::vector<SampleSize>& samples) {
  std::vector<int64_t> sides;
  for (const SampleSize& sample : samples) sides.push_back(std::min(sample.size.width, sample.size.height));
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2), sides.end());
  return sides[sides.size() / 2];
}

// The pipeline's own transforms with a crop and a padding of one size behind them.
std::string with_one_size(const config::Pipeline& pipeline, int64_t side) {
  Value transforms = pipeline.resolved.at("data").at("train").at("transforms");
  transforms.children.push_back(square("random_crop", side));
  transforms.children.push_back(square("pad", side));
  return config::to_yaml_below({"data", "train", "transforms"}, std::move(transforms));
}

std::optional<Finding> finding(const std::string& key, int64_t batch_size, const TransformList& transforms,
                               const Inspection& seen) {
  if (batch_size == 1) return std::nullopt;
  const auto reason = reason_against_batches(transforms, seen.sizes);
  if (!reason) return std::nullopt;
  return Finding{Illness::kBatchSizes, "samples of one batch would differ in size behind " + key, {*reason}};
}

}  // namespace

std::vector<Finding> diagnose_sizes(const Inspection& seen, const DatasetInfo& info, const config::Pipeline& pipeline,
                                    const std::string& split, const plugin::Registry& registry) {
  std::vector<Finding> findings;
  const auto add = [&](std::optional<Finding> found, const auto& mend) {
    if (!found) return;
    found->mend = mend();
    findings.push_back(*std::move(found));
  };
  const config::DataConfig& data = pipeline.data;
  if (split == data.train.split) {
    add(finding("data.train.transforms", pipeline.train.batch_size, make_training_transforms(pipeline, info, registry),
                seen),
        [&] { return with_one_size(pipeline, config::default_crop(median_shorter_side(seen.sizes))); });
  }
  if (split == data.evaluate.split) {
    add(finding("data.evaluate.transforms", pipeline.evaluate.batch_size,
                make_evaluated_transforms(pipeline, info, registry), seen),
        [] { return std::string("evaluate: {batch_size: 1}"); });
  }
  return findings;
}

}  // namespace sshost::data
