// The test-time transforms of the published implementation, computed by it on real frames.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

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

// The tensors of a small safetensors file.
class Fixture {
 public:
  explicit Fixture(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    uint64_t header = 0;
    file.read(reinterpret_cast<char*>(&header), sizeof(header));
    std::string text(header, ' ');
    file.read(text.data(), static_cast<std::streamsize>(header));
    header_ = nlohmann::json::parse(text);
    data_.assign(std::istreambuf_iterator<char>(file), {});
  }

  at::Tensor tensor(const std::string& name) {
    const nlohmann::json& entry = header_.at(name);
    const std::string dtype = entry.at("dtype");
    const at::ScalarType type = dtype == "F32" ? at::kFloat : dtype == "F64" ? at::kDouble : at::kInt;
    return at::from_blob(data_.data() + entry.at("data_offsets").at(0).get<size_t>(),
                         entry.at("shape").get<std::vector<int64_t>>(), type)
        .clone();
  }

 private:
  nlohmann::json header_;
  std::vector<char> data_;
};

// A fixture holds every seventh pixel of both axes, and each channel's mean over all of them.
void expect_fixture(Sample sample, const TransformList& transforms, const std::string& name) {
  Fixture fixture(kShared / "reference" / "transforms" / (name + ".safetensors"));
  Random random(0);
  apply(transforms, sample, random);
  const Batch batch = make_batch({&sample, 1});

  const at::Tensor expected = fixture.tensor("image_every_7th");
  const at::Tensor found = batch.images[0].slice(1, 0, std::nullopt, 7).slice(2, 0, std::nullopt, 7);
  ASSERT_EQ(found.sizes(), expected.sizes());
  const auto pixels = (found - expected).abs().mean().item<double>();
  EXPECT_LE(pixels, 0.02);
  const at::Tensor labels = batch.labels[0].slice(0, 0, std::nullopt, 7).slice(1, 0, std::nullopt, 7);
  EXPECT_TRUE(at::equal(labels, fixture.tensor("label_every_7th").to(at::kLong)));
  const at::Tensor means = batch.images[0].to(at::kDouble).mean(at::IntArrayRef{1, 2});
  const auto channels = (means - fixture.tensor("channel_mean")).abs().max().item<double>();
  EXPECT_LE(channels, 0.02);
  // docs/measurements.md has them.
  std::printf("%s: pixels deviate by %.2g on average, a channel's mean by %.2g\n", name.c_str(), pixels, channels);
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
