#include "data/pad.h"

#include <gtest/gtest.h>

#include "data/samples.h"

namespace sshost::data {
namespace {

constexpr int kIgnored = 250;

Sample padded(Sample sample, cv::Size size) {
  Random random(1);
  Pad({size, kIgnored}).apply(sample, random);
  return sample;
}

TEST(Pad, IsCentredWithTheOddPixelBehind) {
  const Sample sample = padded(labelled_sample((cv::Mat_<int32_t>(1, 2) << 1, 2)), {5, 2});
  EXPECT_TRUE(equal(sample.label, (cv::Mat_<int32_t>(2, 5) << kIgnored, 1, 2, kIgnored, kIgnored,  //
                                   kIgnored, kIgnored, kIgnored, kIgnored, kIgnored)));
  EXPECT_EQ(sample.image.at<cv::Vec3b>(0, 1), cv::Vec3b(100, 100, 100));
  EXPECT_EQ(sample.image.at<cv::Vec3b>(0, 3), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(sample.image.at<cv::Vec3b>(1, 1), cv::Vec3b(0, 0, 0));
}

TEST(Pad, CutsWhatIsTooLargeWithTheOddPixelInFront) {
  const Sample sample = padded(located_sample(20, 11), {6, 20});
  ASSERT_EQ(sample.label.size(), cv::Size(6, 20));
  EXPECT_EQ(sample.label.at<int32_t>(0, 0), 3);
  EXPECT_EQ(sample.label.at<int32_t>(0, 5), 8);
}

TEST(Pad, StandingAndLyingImagesGetTheSameSize) {
  EXPECT_EQ(padded(located_sample(20, 10), {64, 32}).image.size(), cv::Size(64, 32));
  EXPECT_EQ(padded(located_sample(10, 20), {64, 32}).image.size(), cv::Size(64, 32));
  EXPECT_EQ(padded(located_sample(10, 10), {64, 32}).label.size(), cv::Size(64, 32));
}

TEST(Pad, DoesNotFetchPixelsFromAroundACrop) {
  Sample whole = located_sample(20, 20);
  Sample sample{whole.image(cv::Rect(5, 5, 4, 4)), whole.label(cv::Rect(5, 5, 4, 4)), "crop"};
  sample = padded(std::move(sample), {8, 8});
  EXPECT_EQ(sample.label.at<int32_t>(0, 0), kIgnored);
  EXPECT_EQ(sample.image.at<cv::Vec3b>(0, 0), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(sample.label.at<int32_t>(2, 2), 5);
}

TEST(Pad, NeedsNoLabel) {
  Sample sample = located_sample(4, 4);
  sample.label = cv::Mat();
  sample = padded(std::move(sample), {8, 8});
  EXPECT_EQ(sample.image.size(), cv::Size(8, 8));
  EXPECT_TRUE(sample.label.empty());
}

}  // namespace
}  // namespace sshost::data
