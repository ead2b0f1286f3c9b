#include "engine/metrics.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "error.h"

namespace sshost::engine {
namespace {

at::Tensor row(std::vector<int64_t> values) { return at::tensor(values, at::kLong).view({1, -1}); }

TEST(ConfusionMatrix, CountsTrueByPredictedAndIgnoresOtherLabels) {
  ConfusionMatrix confusion(3);
  confusion.add(row({0, 1, 1, 2, 0, 2}), row({0, 0, 1, 255, -1, 3}));
  confusion.add(row({0, 2}), row({0, 1}));
  EXPECT_TRUE(confusion.counts().equal(at::tensor({2, 1, 0, 0, 1, 1, 0, 0, 0}, at::kLong).view({3, 3})));
}

TEST(ConfusionMatrix, TakesBytesAsLabels) {
  ConfusionMatrix confusion(2);
  confusion.add(row({1, 1}), row({1, 255}).to(at::kByte));
  EXPECT_EQ(confusion.counts().sum().item<int64_t>(), 1);
}

TEST(ConfusionMatrix, IsEmptyAtFirstAndWhereNothingCounts) {
  ConfusionMatrix confusion(2);
  EXPECT_EQ(confusion.counts().sum().item<int64_t>(), 0);
  confusion.add(row({1, 1}), row({255, 255}));
  EXPECT_EQ(confusion.counts().sum().item<int64_t>(), 0);
}

TEST(ConfusionMatrix, RefusesWhatDoesNotFit) {
  ConfusionMatrix confusion(2);
  EXPECT_THROW(confusion.add(row({0, 1}), row({0, 1, 1})), Error);
  EXPECT_THROW(confusion.add(row({0, 2}), row({0, 0})), Error);
  EXPECT_THROW(confusion.add(row({0, -1}), row({0, 1})), Error);
}

TEST(ConfusionMatrix, CountsBeyondTheFloatsPrecision) {
  ConfusionMatrix confusion(1);
  for (int i = 0; i < 20; ++i) confusion.add(at::zeros({1 << 20}, at::kLong), at::zeros({1 << 20}, at::kByte));
  EXPECT_EQ(confusion.counts().item<int64_t>(), 20LL << 20);
}

// Class 0: TP 6, FN 2, FP 1. Class 1: TP 4, FN 1, FP 2. Classes 2 and 3 are never there.
TEST(Metrics, EqualHandComputedValues) {
  const Metrics metrics =
      compute_metrics(at::tensor({6, 2, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, at::kLong).view({4, 4}));
  EXPECT_DOUBLE_EQ(metrics.classes[0].iou, 6.0 / 9);
  EXPECT_DOUBLE_EQ(metrics.classes[1].iou, 4.0 / 7);
  EXPECT_TRUE(std::isnan(metrics.classes[2].iou));
  EXPECT_DOUBLE_EQ(metrics.classes[0].accuracy, 6.0 / 8);
  EXPECT_DOUBLE_EQ(metrics.classes[1].accuracy, 4.0 / 5);
  EXPECT_DOUBLE_EQ(metrics.mean_iou, (6.0 / 9 + 4.0 / 7) / 2);
  EXPECT_DOUBLE_EQ(metrics.mean_accuracy, (0.75 + 0.8) / 2);
  EXPECT_DOUBLE_EQ(metrics.pixel_accuracy, 10.0 / 13);
  EXPECT_EQ(metrics.pixels, 13);
  EXPECT_EQ(metrics.classes[0].pixels, 8);
}

TEST(Metrics, AClassThatIsOnlyPredictedCountsAsZero) {
  const Metrics metrics = compute_metrics(at::tensor({3, 1, 0, 0}, at::kLong).view({2, 2}));
  EXPECT_EQ(metrics.classes[1].iou, 0);
  EXPECT_DOUBLE_EQ(metrics.mean_iou, 0.375);
  EXPECT_TRUE(std::isnan(metrics.classes[1].accuracy));
  EXPECT_DOUBLE_EQ(metrics.mean_accuracy, 0.75);
}

TEST(Metrics, AreUndefinedWithoutPixels) {
  const Metrics metrics = compute_metrics(at::zeros({2, 2}, at::kLong));
  EXPECT_TRUE(std::isnan(metrics.mean_iou));
  EXPECT_TRUE(std::isnan(metrics.pixel_accuracy));
}

}  // namespace
}  // namespace sshost::engine
