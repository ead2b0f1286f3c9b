#include "report/means_in_words.h"

#include <gtest/gtest.h>

namespace sshost::report {
namespace {

const evaluate::MetricValues kMeans = {{"iou", 0.5},  {"accuracy", 0.6}, {"precision", 0.7},
                                       {"dice", 0.8}, {"f_score", 0.9},  {"boundary_iou", 0.25}};

TEST(MeansInWords, HeadlinesComeFirstWithARemarkOnTheFirst) {
  EXPECT_EQ(headline_means(kMeans, {}), "mean IoU 50.00 %, mean accuracy 60.00 %");
  EXPECT_EQ(headline_means(kMeans, {}, " (of one)"), "mean IoU 50.00 % (of one), mean accuracy 60.00 %");
}

TEST(MeansInWords, WhatIsNotTakenIsNotTold) {
  EXPECT_EQ(further_means(kMeans, {}), "mean Dice 80.00 %, mean boundary IoU 25.00 %");
  EXPECT_EQ(further_means(kMeans, {.beta = 0.5, .boundary_ratio = 0}), "mean Dice 80.00 %, mean F0.5 90.00 %");
}

}  // namespace
}  // namespace sshost::report
