#include "data/transform_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/typed.h"
#include "data/dataset.h"
#include "data/samples.h"
#include "data/transform_type.h"

namespace sshost::data {
namespace {

DatasetInfo two_sided() { return {{{"sky", {}, 0}, {"left arm", {}, 2}, {"right arm", {}, 1}}, 255}; }

const plugin::Registry kNoPlugins({}, {});

config::TypedConfig transform(const std::string& type, const std::string& yaml) {
  return config::typed(transform_types(), type, yaml);
}

Sample applied(Sample sample, const config::TypedConfig& config) {
  Random random(1);
  apply(make_transforms({config}, two_sided(), kNoPlugins), sample, random);
  return sample;
}

TEST(TransformList, MakesEveryTypeThatAPipelineMayName) {
  std::vector<config::TypedConfig> configs;
  for (const TransformType* each : transform_types()) {
    const std::string& type = each->host.name;
    const bool sized = type == "resize" || type == "random_crop" || type == "pad";
    configs.push_back(transform(type, sized ? "size: [8, 8]" : "{}"));
  }
  EXPECT_EQ(make_transforms(configs, two_sided(), kNoPlugins).size(), transform_types().size());
}

TEST(TransformList, SizesOfCropAndPadAreHeightAndWidth) {
  const Sample sample = located_sample(40, 60);
  EXPECT_EQ(applied(sample, transform("random_crop", "size: [20, 30]")).image.size(), cv::Size(30, 20));
  EXPECT_EQ(applied(sample, transform("pad", "size: [50, 70]")).image.size(), cv::Size(70, 50));
}

TEST(TransformList, SizesAsAMapAreTheSameForAll) {
  const Sample sample = located_sample(40, 60);
  const std::string size = "size: {height: 20, width: 30}";
  EXPECT_EQ(applied(sample, transform("random_crop", size)).image.size(), cv::Size(30, 20));
  EXPECT_EQ(applied(sample, transform("pad", size)).image.size(), cv::Size(30, 20));
  EXPECT_EQ(applied(sample, transform("resize", "{keep_ratio: false, " + size + "}")).image.size(), cv::Size(30, 20));
  EXPECT_EQ(applied(sample, transform("resize", "{keep_ratio: false, size: {width: 30, height: 50}}")).image.size(),
            cv::Size(30, 50));
}

TEST(TransformList, WhatIsEvaluatedMustKeepAPixelAtEveryScale) {
  config::Pipeline pipeline;
  pipeline.evaluate.scales = {1, 0.25, 2};
  const TransformList transforms = make_evaluation_transforms(pipeline, two_sided(), kNoPlugins);
  Random random(1);
  Sample small = located_sample(40, 4);
  EXPECT_NO_THROW(apply(transforms, small, random));
  Sample smaller = located_sample(40, 3);
  try {
    apply(transforms, smaller, random);
    FAIL() << "nothing is left of it";
  } catch (const BrokenSample& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("evaluate.scales: 0.25 leaves nothing of an image of {height: 40, width: 3}"));
  }
}

TEST(TransformList, ResizeTakesItsOptions) {
  const Sample sample = located_sample(40, 60);
  EXPECT_EQ(applied(sample, transform("resize", "size: [90, 90]")).image.size(), cv::Size(90, 60));
  EXPECT_EQ(applied(sample, transform("resize", "{size: [90, 80], keep_ratio: false}")).image.size(), cv::Size(90, 80));
  const auto scaled = transform("resize", "{size: [60, 40], scale_range: [2, 2]}");
  EXPECT_EQ(applied(sample, scaled).image.size(), cv::Size(120, 80));
}

TEST(TransformList, FlipAndPadKnowTheDataSetsLabels) {
  const Sample sample = labelled_sample((cv::Mat_<int32_t>(1, 3) << 0, 1, 1));
  const Sample flipped = applied(sample, transform("random_flip", "probability: 1"));
  EXPECT_TRUE(equal(flipped.label, (cv::Mat_<int32_t>(1, 3) << 2, 2, 0)));
  EXPECT_EQ(applied(sample, transform("pad", "size: [3, 3]")).label.at<int32_t>(0, 0), 255);
}

TEST(TransformList, NormalizeIsPerChannel) {
  Sample sample = located_sample(1, 1);
  sample.image.at<cv::Vec3b>(0, 0) = {10, 20, 30};
  const Sample normal = applied(sample, transform("normalize", "{mean: [4, 4, 4], std: [1, 2, 4]}"));
  EXPECT_EQ(normal.image.at<cv::Vec3f>(0, 0), cv::Vec3f(6, 8, 6.5F));
}

}  // namespace
}  // namespace sshost::data
