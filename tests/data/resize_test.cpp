#include "data/resize.h"

#include <gtest/gtest.h>

#include <set>

#include "data/samples.h"

namespace sshost::data {
namespace {

cv::Size resized(const ResizeOptions& options, cv::Size image) { return Resize(options).size_for(image, options.size); }

TEST(Resize, KeepRatioFitsLongerAndShorterSide) {
  const ResizeOptions options{{640, 400}, true, std::nullopt};
  EXPECT_EQ(resized(options, {480, 360}), cv::Size(533, 400));  // the shorter side decides
  EXPECT_EQ(resized(options, {480, 120}), cv::Size(640, 160));  // the longer one does
  EXPECT_EQ(resized(options, {360, 480}), cv::Size(400, 533));  // standing images turn the target
}

TEST(Resize, KeepRatioRoundsHalvesUp) {
  EXPECT_EQ(resized({{15, 15}, true, std::nullopt}, {10, 3}), cv::Size(15, 5));  // 4.5
}

TEST(Resize, WithoutRatioEveryImageGetsTheSizeThatIsAskedFor) {
  const ResizeOptions options{{32, 64}, false, std::nullopt};
  for (const cv::Size image : {cv::Size(100, 200), cv::Size(200, 100), cv::Size(100, 100)}) {
    EXPECT_EQ(resized(options, image), cv::Size(32, 64)) << image;
  }
}

TEST(Resize, NeverGivesAnEmptyImage) { EXPECT_EQ(resized({{8, 8}, true, std::nullopt}, {1000, 2}), cv::Size(8, 1)); }

TEST(Resize, LabelsAreTakenFromTheNearestPixel) {
  cv::Mat label(40, 60, CV_32S, cv::Scalar(3));
  label(cv::Rect(20, 10, 20, 20)).setTo(9);
  Sample sample = labelled_sample(label);
  Random random(1);
  Resize({{97, 71}, true, std::nullopt}).apply(sample, random);
  ASSERT_EQ(sample.label.size(), sample.image.size());
  const std::set<int32_t> values(sample.label.begin<int32_t>(), sample.label.end<int32_t>());
  EXPECT_EQ(values, (std::set<int32_t>{3, 9}));
}

TEST(Resize, RandomScaleCoversItsRange) {
  const Resize resize({{100, 100}, true, std::pair{0.5, 2.0}});
  int least = 1000, most = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Sample sample = located_sample(50, 50);
    Random random(seed);
    resize.apply(sample, random);
    least = std::min(least, sample.image.rows);
    most = std::max(most, sample.image.rows);
  }
  EXPECT_GE(least, 50);
  EXPECT_LE(least, 55);
  EXPECT_LE(most, 200);
  EXPECT_GE(most, 190);
}

TEST(Resize, TheScaledTargetIsTruncated) {
  Sample sample = located_sample(10, 10);
  Random random(1);
  Resize({{15, 15}, true, std::pair{0.7, 0.7}}).apply(sample, random);  // 10.5
  EXPECT_EQ(sample.image.rows, 10);
}

}  // namespace
}  // namespace sshost::data
