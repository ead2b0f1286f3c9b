// The test-time transforms of the published implementation, computed by it on real frames.
#include <gtest/gtest.h>

#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

#include "checkpoint/safetensors.h"
#include "data/batch.h"
#include "data/normalize.h"
#include "data/pad.h"
#include "data/resize.h"

namespace sshost::data {
namespace {

const std::filesystem::path kShared = SSHOST_SHARED_DIR;

Sample read_sample(const std::string& image, const std::string& label) {
  Sample sample;
  cv::cvtColor(cv::imread((kShared / "data" / image).string(), cv::IMREAD_COLOR), sample.image, cv::COLOR_BGR2RGB);
  cv::imread((kShared / "data" / label).string(), cv::IMREAD_UNCHANGED).convertTo(sample.label, CV_32S);
  return sample;
}

// A fixture holds every seventh pixel of both axes, and each channel's mean over all of them.
void expect_fixture(Sample sample, const TransformList& transforms, const std::string& name) {
  const checkpoint::TensorFile fixture =
      checkpoint::read_safetensors(kShared / "reference" / "transforms" / (name + ".safetensors"));
  Random random(0);
  apply(transforms, sample, random);
  const Batch batch = make_batch({&sample, 1});

  const at::Tensor& expected = *fixture.find("image_every_7th");
  const at::Tensor found = batch.images[0].slice(1, 0, std::nullopt, 7).slice(2, 0, std::nullopt, 7);
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LE((found - expected).abs().mean().item<double>(), 0.02);
  const at::Tensor labels = batch.labels[0].slice(0, 0, std::nullopt, 7).slice(1, 0, std::nullopt, 7);
  EXPECT_TRUE(at::equal(labels, fixture.find("label_every_7th")->to(at::kLong)));
  const at::Tensor means = batch.images[0].to(at::kDouble).mean(at::IntArrayRef{1, 2});
  EXPECT_LE((means - *fixture.find("channel_mean")).abs().max().item<double>(), 0.02);
}

TransformList resize_and_normalize(cv::Size size, bool keep_ratio) {
  TransformList transforms;
  transforms.push_back(std::make_unique<Resize>(ResizeOptions{size, keep_ratio, std::nullopt}));
  transforms.push_back(std::make_unique<Normalize>(NormalizeOptions{}));
  return transforms;
}

class ReferenceTransforms : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kShared / "reference" / "transforms")) GTEST_SKIP() << "no fixtures in " << kShared;
  }
};

TEST_F(ReferenceTransforms, KeepRatio) {
  expect_fixture(read_sample("camvid/test/0001TP_008550.png", "camvid/testannot/0001TP_008550.png"),
                 resize_and_normalize({640, 400}, true), "resize_keep_ratio");
}

TEST_F(ReferenceTransforms, StretchAndPad) {
  TransformList transforms = resize_and_normalize({473, 473}, false);
  transforms.push_back(std::make_unique<Pad>(PadOptions{{512, 512}, -100}));
  expect_fixture(read_sample("camvid/test/0001TP_008550.png", "camvid/testannot/0001TP_008550.png"), transforms,
                 "resize_stretch_pad");
}

TEST_F(ReferenceTransforms, AdeTestPipeline) {
  const std::string folder = "ade20k/ADEChallengeData2016/";
  expect_fixture(read_sample(folder + "images/validation/ADE_val_00000001.jpg",
                             folder + "annotations/validation/ADE_val_00000001.png"),
                 resize_and_normalize({2048, 512}, true), "ade_test");
}

}  // namespace
}  // namespace sshost::data
