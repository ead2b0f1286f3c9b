#include "data/transform_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/checker.h"
#include "config/host_types.h"
#include "config/load.h"
#include "data/dataset.h"
#include "data/samples.h"

namespace sshost::data {
namespace {

DatasetInfo two_sided() { return {{{"sky", {}, 0}, {"left arm", {}, 2}, {"right arm", {}, 1}}, 255}; }

// A transform with the options that the pipeline's schema makes of this YAML.
config::TransformConfig transform(const std::string& type, const std::string& yaml) {
  for (const config::HostType& known : config::transform_types()) {
    if (known.name != type) continue;
    config::Problems problems;
    const config::Node node = config::load_pipeline_text(yaml, "test.yaml", {}, problems);
    auto options = config::check_options(node, &known.schema.abi(), type, {}, problems);
    problems.throw_if_any();
    return {type, std::make_shared<const ss_options_object>(std::move(options))};
  }
  ADD_FAILURE() << "no transform " << type;
  return {};
}

Sample applied(Sample sample, const config::TransformConfig& config) {
  Random random(1);
  apply(make_transforms({config}, two_sided()), sample, random);
  return sample;
}

TEST(TransformList, MakesEveryTypeThatAPipelineMayName) {
  std::vector<config::TransformConfig> configs;
  for (const config::HostType& type : config::transform_types()) {
    const bool sized = type.name == "resize" || type.name == "random_crop" || type.name == "pad";
    configs.push_back(transform(type.name, sized ? "size: [8, 8]" : "{}"));
  }
  EXPECT_EQ(make_transforms(configs, two_sided()).size(), config::transform_types().size());
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
  const TransformList transforms = make_evaluation_transforms(pipeline, two_sided());
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
