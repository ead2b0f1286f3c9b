#include "evaluate/metrics.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace sshost::evaluate {
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

// Two outputs of five pixels, of which one is unknown for the second.
TEST(OutputMetrics, EqualHandComputedValues) {
  OutputCounts counts(2);
  const at::Tensor masks = at::tensor({1, 1, 0, 0, 1, 1, 1, 1, 0, 0}, at::kLong).view({2, 1, 5}).to(at::kBool);
  const at::Tensor targets = at::tensor({1, 0, 1, 0, 1, 1, -100, 0, 0, 1}, at::kLong).view({2, 1, 5}).to(at::kChar);
  counts.add(masks, targets);
  const Metrics metrics = compute_output_metrics(counts.counts());
  EXPECT_DOUBLE_EQ(metrics.classes[0].at("iou"), 2.0 / 4);  // 2 hits, 1 wrong, 1 missed
  EXPECT_DOUBLE_EQ(metrics.classes[0].at("dice"), 4.0 / 6);
  EXPECT_DOUBLE_EQ(metrics.classes[1].at("iou"), 1.0 / 3);  // 1 hit, 1 wrong, 1 missed
  EXPECT_DOUBLE_EQ(metrics.classes[1].at("precision"), 1.0 / 2);
  EXPECT_DOUBLE_EQ(metrics.classes[1].at("accuracy"), 1.0 / 2);
  EXPECT_EQ(metrics.classes[1].pixels, 2);
  EXPECT_EQ(metrics.classes[1].known, 4);
  EXPECT_DOUBLE_EQ(metrics.mean_iou, (2.0 / 4 + 1.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(metrics.pixel_accuracy, 5.0 / 9);
  counts.add(masks, targets);
  EXPECT_DOUBLE_EQ(compute_output_metrics(counts.counts()).mean_iou, metrics.mean_iou);
}

// Class 0: TP 6, FN 2, FP 1. Class 1: TP 4, FN 1, FP 2. Classes 2 and 3 are never there.
TEST(Metrics, EqualHandComputedValues) {
  const Metrics metrics =
      compute_metrics(at::tensor({6, 2, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, at::kLong).view({4, 4}));
  EXPECT_DOUBLE_EQ(metrics.classes[0].at("iou"), 6.0 / 9);
  EXPECT_DOUBLE_EQ(metrics.classes[1].at("iou"), 4.0 / 7);
  EXPECT_TRUE(std::isnan(metrics.classes[2].at("iou")));
  EXPECT_DOUBLE_EQ(metrics.classes[0].at("accuracy"), 6.0 / 8);
  EXPECT_DOUBLE_EQ(metrics.classes[1].at("accuracy"), 4.0 / 5);
  EXPECT_DOUBLE_EQ(metrics.mean_iou, (6.0 / 9 + 4.0 / 7) / 2);
  EXPECT_DOUBLE_EQ(metrics.mean("accuracy"), (0.75 + 0.8) / 2);
  EXPECT_DOUBLE_EQ(metrics.pixel_accuracy, 10.0 / 13);
  EXPECT_EQ(metrics.pixels, 13);
  EXPECT_EQ(metrics.classes[0].pixels, 8);
}

TEST(Metrics, AClassThatIsOnlyPredictedCountsAsZero) {
  const Metrics metrics = compute_metrics(at::tensor({3, 1, 0, 0}, at::kLong).view({2, 2}));
  EXPECT_EQ(metrics.classes[1].at("iou"), 0);
  EXPECT_DOUBLE_EQ(metrics.mean_iou, 0.375);
  EXPECT_TRUE(std::isnan(metrics.classes[1].at("accuracy")));
  EXPECT_DOUBLE_EQ(metrics.mean("accuracy"), 0.75);
}

// What the values are by their definitions, from the pixels themselves.
struct Outcome {
  double hits = 0, missed = 0, wrong = 0;
  double precision() const { return hits / (hits + wrong); }
  double recall() const { return hits / (hits + missed); }
};

Outcome outcome_of(const at::Tensor& predicted, const at::Tensor& labels, int64_t label, int64_t ignored) {
  Outcome outcome;
  for (int64_t i = 0; i < labels.numel(); ++i) {
    const auto truth = labels[i].item<int64_t>();
    if (truth == ignored) continue;
    const bool is = truth == label, is_called = predicted[i].item<int64_t>() == label;
    outcome.hits += is && is_called;
    outcome.missed += is && !is_called;
    outcome.wrong += !is && is_called;
  }
  return outcome;
}

TEST(Metrics, EqualTheirDefinitionsPixelByPixel) {
  at::manual_seed(3);
  const at::Tensor labels = at::randint(0, 6, {500}, at::kLong);  // 5 is ignored
  const at::Tensor predicted =
      at::where(at::rand({500}) < 0.4, labels.clamp_max(4), at::randint(0, 5, {500}, at::kLong));
  ConfusionMatrix confusion(5);
  confusion.add(predicted, labels);
  const double beta = 2;
  const Metrics metrics = compute_metrics(confusion.counts(), beta);
  double dice_sum = 0, f_sum = 0, precision_sum = 0;
  for (int64_t c = 0; c < 5; ++c) {
    const Outcome outcome = outcome_of(predicted, labels, c, 5);
    const double p = outcome.precision(), r = outcome.recall();
    const ClassMetrics& entry = metrics.classes[static_cast<size_t>(c)];
    EXPECT_NEAR(entry.at("accuracy"), r, 1e-12);
    EXPECT_NEAR(entry.at("precision"), p, 1e-12);
    EXPECT_NEAR(entry.at("dice"), 2 * p * r / (p + r), 1e-12);
    EXPECT_NEAR(entry.at("f_score"), (1 + beta * beta) * p * r / (beta * beta * p + r), 1e-12);
    EXPECT_NEAR(entry.at("iou"), outcome.hits / (outcome.hits + outcome.missed + outcome.wrong), 1e-12);
    EXPECT_TRUE(std::isnan(entry.at("boundary_iou")));
    dice_sum += entry.at("dice"), f_sum += entry.at("f_score"), precision_sum += p;
  }
  EXPECT_NEAR(metrics.mean("dice"), dice_sum / 5, 1e-12);
  EXPECT_NEAR(metrics.mean("f_score"), f_sum / 5, 1e-12);
  EXPECT_NEAR(metrics.mean("precision"), precision_sum / 5, 1e-12);
  EXPECT_EQ(metrics.beta, beta);
}

TEST(Metrics, AClassThatIsNeverPredictedHasAnFScoreOfZeroAndNoPrecision) {
  const Metrics metrics = compute_metrics(at::tensor({3, 0, 1, 0}, at::kLong).view({2, 2}));
  EXPECT_EQ(metrics.classes[1].at("f_score"), 0);
  EXPECT_EQ(metrics.classes[1].at("dice"), 0);
  EXPECT_TRUE(std::isnan(metrics.classes[1].at("precision")));
  EXPECT_DOUBLE_EQ(metrics.mean("precision"), 0.75);
}

// Class 0 is half right; class 1 is only predicted; class 2 is nowhere; class 3 is all right.
TEST(Metrics, TheMeanIouIsTakenByEveryConvention) {
  at::Tensor counts = at::zeros({4, 4}, at::kLong);
  counts[0][0] = 5;
  counts[0][1] = 5;
  counts[3][3] = 7;
  const Metrics metrics = compute_metrics(counts);
  EXPECT_DOUBLE_EQ(metrics.mean_ious.with_union, (0.5 + 0 + 1) / 3);
  EXPECT_DOUBLE_EQ(metrics.mean_ious.with_truth, (0.5 + 1) / 2);
  EXPECT_DOUBLE_EQ(metrics.mean_ious.empty_as_one, (0.5 + 0 + 1 + 1) / 4);
  EXPECT_DOUBLE_EQ(metrics.mean_ious.empty_as_zero, (0.5 + 0 + 0 + 1) / 4);
  EXPECT_EQ(metrics.mean_iou, metrics.mean_ious.with_union);
}

TEST(Metrics, ConventionsAgreeWhereEveryClassIsThere) {
  const Metrics metrics = compute_metrics(at::tensor({6, 2, 1, 4}, at::kLong).view({2, 2}));
  for (const double mean :
       {metrics.mean_ious.with_truth, metrics.mean_ious.empty_as_one, metrics.mean_ious.empty_as_zero}) {
    EXPECT_EQ(mean, metrics.mean_iou);
  }
}

TEST(Metrics, TheBoundaryIouIsThatOfItsCounts) {
  const at::Tensor boundary = at::tensor({4, 0, 6, 0, 8, 0}, at::kLong).view({3, 2});
  const Metrics metrics = compute_metrics(at::tensor({6, 2, 1, 4}, at::kLong).view({2, 2}), 1, boundary);
  EXPECT_DOUBLE_EQ(metrics.classes[0].at("boundary_iou"), 4.0 / 10);
  EXPECT_TRUE(std::isnan(metrics.classes[1].at("boundary_iou")));
  EXPECT_DOUBLE_EQ(metrics.mean("boundary_iou"), 0.4);
}

TEST(Metrics, TellWhereTheLabelsHoldOneClassAlone) {
  const auto of = [](std::vector<int64_t> counts) {
    return only_labelled_class(compute_metrics(at::tensor(counts, at::kLong).view({2, 2})));
  };
  EXPECT_EQ(of({0, 0, 3, 5}), 1U) << "whatever is predicted";
  EXPECT_EQ(of({1, 0, 3, 5}), std::nullopt);
  EXPECT_EQ(of({0, 0, 0, 0}), std::nullopt);
}

TEST(Metrics, AreUndefinedWithoutPixels) {
  const Metrics metrics = compute_metrics(at::zeros({2, 2}, at::kLong));
  EXPECT_TRUE(std::isnan(metrics.mean_iou));
  EXPECT_TRUE(std::isnan(metrics.pixel_accuracy));
}

}  // namespace
}  // namespace sshost::evaluate
