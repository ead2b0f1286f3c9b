#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "datasets/support.h"

namespace sshost::data {
namespace {

bool equal(const Sample& a, const Sample& b) {
  return cv::norm(a.image, b.image, cv::NORM_INF) == 0 && cv::norm(a.label, b.label, cv::NORM_INF) == 0;
}

TEST(Synthetic, DependsOnTheIndexAndNotOnEpochsOrReaders) {
  const auto dataset = open_dataset("synthetic", "{}", "train");
  const Sample first = read_one(*dataset, 5, 1);
  EXPECT_TRUE(equal(first, read_one(*dataset, 5, 2)));
  EXPECT_TRUE(equal(first, read_one(*open_dataset("synthetic", "{}", "train"), 5, 3)));
  EXPECT_FALSE(equal(first, read_one(*dataset, 6)));
}

TEST(Synthetic, NoSplitHoldsAnImageOfAnother) {
  std::set<std::vector<uint8_t>> images;
  size_t expected = 0;
  for (const char* split : {"train", "val", "test"}) {
    const auto dataset = open_dataset("synthetic", "{train_samples: 40, evaluate_samples: 30}", split);
    for (int64_t index = 0; index < dataset->size(); ++index, ++expected) {
      const cv::Mat image = read_one(*dataset, index).image;
      images.emplace(image.datastart, image.dataend);
    }
  }
  EXPECT_EQ(expected, 100U);
  EXPECT_EQ(images.size(), expected);
}

TEST(Synthetic, FollowsItsOptions) {
  const auto dataset =
      open_dataset("synthetic", "{width: 40, height: 30, classes: 3, train_samples: 7, evaluate_samples: 2}", "val");
  EXPECT_EQ(dataset->size(), 2);
  EXPECT_EQ(dataset->classes(), 3);
  EXPECT_EQ(dataset->info().classes[0].name, "background");
  EXPECT_EQ(read_one(*dataset, 1).image.size(), cv::Size(40, 30));
  EXPECT_EQ(dataset->describe(1).id, "val_00001");
}

TEST(Synthetic, AnotherSeedGivesOtherImages) {
  EXPECT_FALSE(equal(read_one(*open_dataset("synthetic", "{seed: 1}", "train"), 0),
                     read_one(*open_dataset("synthetic", "{seed: 2}", "train"), 0)));
}

TEST(Synthetic, EveryClassCoversAPartOfTheImages) {
  const auto dataset = open_dataset("synthetic", "{classes: 9, train_samples: 60}", "train");
  std::vector<int64_t> pixels(9, 0);
  int64_t all = 0;
  for (int64_t index = 0; index < dataset->size(); ++index) {
    const cv::Mat label = read_one(*dataset, index).label;
    all += static_cast<int64_t>(label.total());
    for (int32_t value : cv::Mat_<int32_t>(label)) ++pixels.at(static_cast<size_t>(value));
  }
  for (size_t index = 0; index < pixels.size(); ++index) EXPECT_GT(pixels[index], all / 200) << "class " << index;
  EXPECT_GT(pixels[0], all / 4);
  EXPECT_LT(pixels[0], all * 9 / 10);
}

// Guessing each pixel's class by the mean colour of the classes is better than chance and far from right: what is left
// takes shape and texture.
TEST(Synthetic, ColourAloneDoesNotTellTheClass) {
  const auto dataset = open_dataset("synthetic", "{classes: 6, train_samples: 60}", "train");
  std::vector<cv::Vec3d> sums(6), means(6);
  std::vector<double> counts(6, 0);
  std::vector<Sample> samples;
  for (int64_t index = 0; index < dataset->size(); ++index) samples.push_back(read_one(*dataset, index));
  for (const Sample& sample : samples) {
    for (int i = 0; i < static_cast<int>(sample.label.total()); ++i) {
      const int label = sample.label.at<int32_t>(i / sample.label.cols, i % sample.label.cols);
      const cv::Vec3b pixel = sample.image.at<cv::Vec3b>(i / sample.label.cols, i % sample.label.cols);
      sums[label] += cv::Vec3d(pixel[0], pixel[1], pixel[2]);
      ++counts[label];
    }
  }
  for (int label = 0; label < 6; ++label) means[label] = sums[label] / counts[label];
  std::vector<double> right(6, 0);
  for (const Sample& sample : samples) {
    for (int i = 0; i < static_cast<int>(sample.label.total()); ++i) {
      const int label = sample.label.at<int32_t>(i / sample.label.cols, i % sample.label.cols);
      const cv::Vec3b pixel = sample.image.at<cv::Vec3b>(i / sample.label.cols, i % sample.label.cols);
      int best = 0;
      for (int other = 1; other < 6; ++other) {
        const cv::Vec3d color(pixel[0], pixel[1], pixel[2]);
        if (cv::norm(color - means[other]) < cv::norm(color - means[best])) best = other;
      }
      right[label] += best == label;
    }
  }
  double mean_accuracy = 0;
  for (int label = 0; label < 6; ++label) mean_accuracy += right[label] / counts[label] / 6;
  EXPECT_GT(mean_accuracy, 0.3);
  EXPECT_LT(mean_accuracy, 0.8);
}

TEST(Synthetic, RefusesASplitThatThereIsNot) {
  EXPECT_THAT(dataset_error("synthetic", "{}", "trian"),
              testing::AllOf(testing::HasSubstr("\"trian\""), testing::HasSubstr("train, val or test")));
}

}  // namespace
}  // namespace sshost::data
