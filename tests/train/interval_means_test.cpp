#include "train/interval_means.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sshost::train {
namespace {

StepRecord step(int64_t number, std::vector<LossValue> losses) {
  StepRecord record{};
  record.step = number;
  record.losses = std::move(losses);
  record.seconds = static_cast<double>(number);
  return record;
}

TEST(IntervalMeans, AreOverTheStepsSinceTheLastOnes) {
  IntervalMeans means(2);
  means.add(step(1, {{"a", 3}}));
  EXPECT_DOUBLE_EQ(means.take(step(1, {}), state::kAlone).loss, 3);
  means.add(step(2, {{"a", 1}}));
  means.add(step(3, {{"a", 2}, {"b", 8}}));
  const StepRecord record = means.take(step(3, {}), state::kAlone);
  EXPECT_EQ(record.step, 3);
  EXPECT_EQ(record.mean_of, 2);
  ASSERT_EQ(record.losses.size(), 2u);
  EXPECT_DOUBLE_EQ(record.losses[0].value, 1.5);
  EXPECT_DOUBLE_EQ(record.losses[1].value, 4) << "0 in the step that did not have it";
  EXPECT_DOUBLE_EQ(record.loss, 5.5);
  EXPECT_DOUBLE_EQ(record.seconds, 2.5);
}

TEST(IntervalMeans, CountsTheClassesOfTheLabels) {
  IntervalMeans means(3);
  means.count(at::tensor({0, 2, 2, 255, -1, 3}, at::kLong).view({1, 2, 3}));
  means.count(at::Tensor());
  means.add(step(1, {}));
  const StepRecord record = means.take(step(1, {}), state::kAlone);
  EXPECT_EQ(record.class_pixels, (std::vector<int64_t>{1, 0, 2}));
  EXPECT_EQ(record.ignored_pixels, 3);
  means.add(step(2, {}));
  EXPECT_EQ(means.take(step(2, {}), state::kAlone).class_pixels, (std::vector<int64_t>{0, 0, 0}));
}

TEST(IntervalMeans, GoOnFromACheckpointAsIfNothingHadHappened) {
  IntervalMeans whole(2), before(2), after(2);
  const StepRecord first = step(1, {{"a", 0.1}}), second = step(2, {{"a", 0.7}});
  const at::Tensor labels = at::tensor({0, 1, 9}, at::kLong);
  whole.add(first);
  whole.add(second);
  whole.count(labels);
  whole.count(labels);
  before.add(first);
  before.count(labels);
  after.resume(before.gather(state::kAlone), state::kAlone);
  after.add(second);
  after.count(labels);
  EXPECT_EQ(to_json(after.take(second, state::kAlone)), to_json(whole.take(second, state::kAlone)));
}

}  // namespace
}  // namespace sshost::train
