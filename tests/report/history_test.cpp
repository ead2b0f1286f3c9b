#include "report/history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sshost::report {
namespace {

using nlohmann::json;

std::vector<json> lines() {
  std::vector<json> all;
  for (int step = 1; step <= 3; ++step) {
    all.push_back({{"kind", "train"},
                   {"step", step},
                   {"learning_rate", 0.01 / step},
                   {"loss", 3.0 / step},
                   {"losses", {{"loss.main", 2.0 / step}, {"loss.auxiliary.0", 1.0 / step}}},
                   {"seconds", step == 1 ? 9.0 : 2.0},
                   {"images", 8}});
  }
  all.push_back(json::parse(R"({"kind": "evaluate", "step": 3, "mean_iou": 0.5, "mean_accuracy": 0.6,
    "pixel_accuracy": 0.8, "images": 20, "seconds": 4.0,
    "classes": [{"name": "sky", "iou": 0.5, "accuracy": 0.6, "pixels": 90},
                {"name": "sign", "iou": null, "accuracy": null, "pixels": 0}]})"));
  return all;
}

TEST(History, CollectsEachLossOverItsSteps) {
  const auto history = read_history(lines());
  ASSERT_TRUE(history);
  ASSERT_EQ(history->losses.size(), 3u);
  EXPECT_EQ(history->losses[0].name, "total");
  EXPECT_EQ(history->losses[1].name, "auxiliary.0");
  ASSERT_EQ(history->losses[0].points.size(), 3u);
  EXPECT_DOUBLE_EQ(history->losses[0].points[2].value, 1.0);
  EXPECT_EQ(history->steps, 3);
  EXPECT_DOUBLE_EQ(history->learning_rate.points[1].value, 0.005);
  ASSERT_EQ(history->mean_iou.points.size(), 1u);
  EXPECT_EQ(history->mean_iou.points[0].step, 3);
}

TEST(History, AddsUpThePixelsThatTheLinesCounted) {
  std::vector<json> all = lines();
  EXPECT_TRUE(read_history(all)->class_pixels.empty()) << "lines of earlier versions count none";
  for (int i = 0; i < 3; ++i) all[i].update({{"class_pixels", {10, i}}, {"ignored_pixels", 2}});
  EXPECT_EQ(read_history(all)->class_pixels, (std::vector<int64_t>{30, 3}));
  EXPECT_EQ(read_history(all)->ignored_pixels, 6);
}

TEST(History, ReadsTheConfusionMatrix) {
  std::vector<json> all = lines();
  all.back()["confusion"] = {{80, 10}, {0, 5}};
  EXPECT_EQ(read_scores(all, {})->confusion, (std::vector<std::vector<int64_t>>{{80, 10}, {0, 5}}));
}

TEST(History, ItsPaceIsTheMedianStep) {
  const auto history = read_history(lines());
  EXPECT_DOUBLE_EQ(history->step_seconds, 2);
  EXPECT_DOUBLE_EQ(history->images_per_second, 4);
}

TEST(History, ASingleLossTermIsNotShownTwice) {
  const auto history = read_history({{{"kind", "train"}, {"step", 1}, {"loss", 1.0}, {"losses", {{"head", 1.0}}}}});
  ASSERT_TRUE(history);
  EXPECT_EQ(history->losses.size(), 1u);
}

TEST(History, AnEvaluationAloneHasNone) {
  EXPECT_FALSE(read_history({lines().back()}));
  EXPECT_FALSE(read_history({}));
}

TEST(History, TheLastEvaluationCounts) {
  auto all = lines();
  all.push_back(all.back());
  all.back()["mean_iou"] = 0.75;
  const auto scores = read_scores(all, {{1, 2, 3}, {4, 5, 6}});
  ASSERT_TRUE(scores);
  EXPECT_DOUBLE_EQ(scores->mean_iou, 0.75);
  ASSERT_EQ(scores->classes.size(), 2u);
  EXPECT_EQ(scores->classes[1].color, (std::array<uint8_t, 3>{4, 5, 6}));
  EXPECT_TRUE(std::isnan(scores->classes[1].iou));
  EXPECT_EQ(scores->classes[0].pixels, 90);
  EXPECT_FALSE(read_scores({}, {}));
}

TEST(History, TakesTheFurtherMetricsWhereTheLineHasThem) {
  const nlohmann::json of_class = {{"name", "sky"}, {"iou", 0.5},     {"precision", 0.6},
                                   {"dice", 0.7},   {"f_score", 0.8}, {"boundary_iou", nullptr}};
  const auto scores = read_scores({{{"kind", "evaluate"},
                                    {"mean_dice", 0.7},
                                    {"beta", 2.0},
                                    {"mean_ious", {{"with_union", 0.5}, {"empty_as_one", 1.0}}},
                                    {"classes", nlohmann::json::array({of_class})}}},
                                  {});
  ASSERT_TRUE(scores);
  EXPECT_EQ(evaluate::value_of(scores->means, "dice"), 0.7);
  EXPECT_EQ(scores->beta, 2);
  EXPECT_TRUE(std::isnan(evaluate::value_of(scores->means, "boundary_iou")));
  EXPECT_EQ(scores->mean_ious.empty_as_one, 1);
  EXPECT_TRUE(std::isnan(scores->mean_ious.with_truth));
  EXPECT_EQ(scores->classes.at(0).values.at("f_score"), 0.8);
  EXPECT_TRUE(std::isnan(scores->classes[0].values.at("boundary_iou")));
}

}  // namespace
}  // namespace sshost::report
