#include "run/sample_sizes.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/size_text.h"
#include "config/default_transforms.h"
#include "config/value_error.h"
#include "data/sample_sizes.h"
#include "data/transform_list.h"
#include "run/host_types.h"

namespace sshost::run {
namespace {

constexpr int64_t kLookedAt = 16;  // samples, spread evenly over the split

// Opens a split; returns null if it does not exist or cannot be opened: whoever needs it says why.
std::unique_ptr<data::Dataset> try_open(const Session& session, const std::string& split) {
  try {
    return open_dataset(session, split);
  } catch (const Error&) {
    return nullptr;
  }
}

std::vector<int64_t> shorter_sides(const data::Dataset& dataset) {
  std::vector<int64_t> sides;
  for (const data::SampleSize& sample : data::sample_sizes(dataset, kLookedAt)) {
    sides.push_back(std::min(sample.size.width, sample.size.height));
  }
  std::sort(sides.begin(), sides.end());
  return sides;
}

std::vector<int64_t> shorter_sides(const Session& session) {
  const config::DataConfig& data = session.pipeline.data;
  auto dataset = try_open(session, data.train.split);
  if (!dataset) dataset = try_open(session, data.evaluate.split);
  return dataset ? shorter_sides(*dataset) : std::vector<int64_t>{};
}

// Whatever the images are.
bool give_one_size(const data::TransformList& transforms) {
  const std::array<data::SampleSize, 3> any{{{"", {1, 1}}, {"", {1, 1 << 16}}, {"", {1 << 16, 1}}}};
  return !data::reason_against_batches(transforms, any);
}

void require(const data::TransformList& transforms, const data::Dataset& dataset, const std::string& key,
             const std::string& mend) {
  if (give_one_size(transforms)) return;
  const auto reason = data::reason_against_batches(transforms, data::sample_sizes(dataset, kLookedAt));
  if (reason) throw config::ValueError(key, "samples of one batch would differ in size: " + *reason + "; " + mend);
}

}  // namespace

std::string fit_transforms(Session& session) {
  if (!session.pipeline.data.train.is_default) return "";
  const std::vector<int64_t> sides = shorter_sides(session);
  if (sides.empty()) return "";
  const int64_t side = sides[sides.size() / 2];
  const bool resizes = sides.front() != sides.back() || side > config::kDefaultShorterSide;
  config::fit_default_transforms(session.pipeline, host_types(), side, resizes);
  const int64_t crop = config::default_crop(side);
  return "data.train.transforms is not given: images, whose shorter side is " + std::to_string(side) +
         " pixels (the median of " + std::to_string(sides.size()) + "), are scaled, cropped to " +
         size_text(crop, crop) + ", flipped and changed in colour (docs/pipeline.md)";
}

void require_one_size(const Session& session, const data::Dataset& train_split, int64_t batch_size) {
  if (batch_size == 1) return;
  require(data::make_training_transforms(session.pipeline, train_split.info(), *session.registry), train_split,
          "data.train.transforms", "end the transforms with random_crop and pad of one size");
}

void require_one_evaluated_size(const Session& session, const data::Dataset& evaluate_split) {
  if (session.pipeline.evaluate.batch_size == 1) return;
  require(data::make_evaluated_transforms(session.pipeline, evaluate_split.info(), *session.registry), evaluate_split,
          "evaluate.batch_size", "set evaluate.batch_size to 1");
}

}  // namespace sshost::run
