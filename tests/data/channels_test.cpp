// Images of other channels than red, green and blue, from the data set to the batch.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "data/batch.h"
#include "data/fake_dataset.h"
#include "data/normalize.h"
#include "data/pad.h"
#include "data/random_crop.h"
#include "data/random_flip.h"
#include "data/random_rotation.h"
#include "data/resize.h"
#include "data/samples.h"
#include "data/shown.h"
#include "temp_folder.h"

namespace sshost::data {
namespace {

using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

// Channel c holds base + c everywhere but in a corner.
Sample of_channels(int channels, int depth = CV_8U) {
  Sample sample{cv::Mat(20, 30, CV_MAKETYPE(depth, channels)), cv::Mat(20, 30, CV_32S, cv::Scalar(1)), "many"};
  std::vector<cv::Mat> planes;
  for (int c = 0; c < channels; ++c) {
    cv::Mat plane(20, 30, CV_MAKETYPE(depth, 1));
    cv::randu(plane, 10 * c, 10 * c + 10);
    planes.push_back(plane);
  }
  cv::merge(planes, sample.image);
  return sample;
}

cv::Mat channel(const cv::Mat& image, int index) {
  cv::Mat plane;
  cv::extractChannel(image, plane, index);
  return plane;
}

// Every channel comes out as it does where it is the only one.
void expect_channels_apart(const Transform& transform, int channels, int depth = CV_8U) {
  const Sample stored = of_channels(channels, depth);
  Sample all = stored;
  Random random(7);
  transform.apply(all, random);
  ASSERT_EQ(all.image.channels(), channels);
  for (int c = 0; c < channels; ++c) {
    Sample one{channel(stored.image, c), stored.label, "one"};
    Random same(7);
    transform.apply(one, same);
    EXPECT_TRUE(equal(channel(all.image, c), one.image)) << c << " of " << channels;
  }
}

TEST(Channels, GoThroughTheTransformsEachForItself) {
  for (const int channels : {1, 2, 4, 6, 9}) {
    for (const int depth : {CV_8U, CV_32F}) {
      expect_channels_apart(Resize({{45, 31}, false, std::nullopt}), channels, depth);
      expect_channels_apart(Pad({{40, 40}, 255}), channels, depth);
      expect_channels_apart(RandomCrop({{16, 16}, 1, 2}), channels, depth);
      expect_channels_apart(RandomFlip({1, {0, 1}}), channels, depth);
      expect_channels_apart(RandomRotation({1, 30, 255}), channels, depth);
    }
  }
}

TEST(Channels, AreNormalisedByTheirOwnNumbers) {
  Sample sample = of_channels(6);
  const cv::Mat stored = sample.image.clone();
  Random random(1);
  Normalize({{1, 2, 3, 4, 5, 6}, {1, 2, 4, 8, 16, 32}}).apply(sample, random);
  for (int c = 0; c < 6; ++c) {
    cv::Mat expected;
    channel(stored, c).convertTo(expected, CV_32F, 1.0 / (1 << c), -(c + 1.0) / (1 << c));
    EXPECT_LT(cv::norm(channel(sample.image, c), expected, cv::NORM_INF), 1e-5) << c;
  }
  Sample grey = of_channels(1);
  EXPECT_THAT(message_of<Error>([&] { Normalize({}).apply(grey, random); }),
              AllOf(HasSubstr("3 means"), HasSubstr("1 channels")));
}

TEST(Channels, StandInTheBatchOneBehindTheOther) {
  const Sample sample = of_channels(6);
  const Batch batch = make_batch(std::vector<Sample>{sample, sample});
  EXPECT_EQ(batch.images.sizes(), at::IntArrayRef({2, 6, 20, 30}));
  for (int c = 0; c < 6; ++c) {
    EXPECT_EQ(batch.images[1][c][3][4].item<float>(), channel(sample.image, c).at<uint8_t>(3, 4));
  }
  EXPECT_THAT(message_of<Error>([&] {
                make_batch(std::vector<Sample>{sample, of_channels(2)});
              }),
              HasSubstr("6 channels"));
}

TEST(Channels, OfADataSetAreThoseOfThePipeline) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    auto* image = static_cast<float*>(FakeDataset::ask(sink, "image", SS_FLOAT32, 2, 2, 5));
    if (image == nullptr) return SS_INVALID_ARGUMENT;
    for (int i = 0; i < 20; ++i) image[i] = static_cast<float>(1000 * i);
    return SS_OK;
  };
  Random random(1);
  const Dataset five(fake.component(), "/plugins/fake.so", nullptr, "train", {.channels = 5});
  const Sample sample = Reader(five).read(0, random);
  ASSERT_EQ(sample.image.type(), CV_32FC(5));
  EXPECT_EQ(sample.image.reshape(1).at<float>(0, 3), 3000);
  const Dataset four(fake.component(), "/plugins/fake.so", nullptr, "train", {.channels = 4});
  EXPECT_THAT(message_of<BrokenSample>([&] { Reader(four).read(0, random); }),
              AllOf(HasSubstr("expected an image of 4 channels"), HasSubstr("data.channels"), HasSubstr("found 5")));
  const Dataset rgb(fake.component(), "/plugins/fake.so", nullptr, "train");
  EXPECT_THAT(message_of<BrokenSample>([&] { Reader(rgb).read(0, random); }),
              HasSubstr("an image has 3 channels of uint8"));
}

TEST(Shown, IsRgbOfAnyImage) {
  const cv::Mat rgb(2, 2, CV_8UC3, cv::Scalar(1, 2, 3));
  EXPECT_EQ(shown(rgb).data, rgb.data);
  EXPECT_EQ(shown(cv::Mat(2, 2, CV_8UC1, cv::Scalar(9))).at<cv::Vec3b>(0, 0), cv::Vec3b(9, 9, 9));
  EXPECT_EQ(shown(cv::Mat(2, 2, CV_8UC4, cv::Scalar(1, 2, 3, 4))).at<cv::Vec3b>(0, 0), cv::Vec3b(1, 2, 3));
  cv::Mat deep(1, 2, CV_32FC2, cv::Scalar(0, 5));
  deep.at<cv::Vec2f>(0, 1) = {4000, 5};
  EXPECT_EQ(shown(deep).at<cv::Vec3b>(0, 1), cv::Vec3b(255, 255, 255));
  EXPECT_EQ(shown(deep).at<cv::Vec3b>(0, 0), cv::Vec3b(0, 0, 0));
  EXPECT_EQ(shown(cv::Mat(1, 1, CV_32FC1, cv::Scalar(70000))).type(), CV_8UC3) << "one value has no range";
}

}  // namespace
}  // namespace sshost::data
