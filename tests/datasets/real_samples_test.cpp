// The published data sets' own files, as far as they are there.
#include <gtest/gtest.h>

#include <map>

#include "datasets/support.h"

namespace sshost::data {
namespace {

struct RealSample {
  std::string type;
  std::string options;
  std::string split;
  int64_t samples;
  int most_ignored;  // percent of all pixels
};

void PrintTo(const RealSample& sample, std::ostream* out) { *out << sample.type << " " << sample.split; }

class RealSamples : public testing::TestWithParam<RealSample> {};

TEST_P(RealSamples, AreReadWithLabelsInRange) {
  const auto& [type, options, split, samples, most_ignored] = GetParam();
  const std::filesystem::path folder = std::filesystem::path(SSHOST_SHARED_DIR) / "data";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no files in " << folder;
  const auto dataset = open_dataset(type, "{" + options + "}", split, folder);
  ASSERT_EQ(dataset->size(), samples);
  int64_t pixels = 0;
  std::map<int, int64_t> counts;
  for (int64_t index = 0; index < dataset->size(); ++index) {
    const cv::Mat label = read_one(*dataset, index).label;  // refuses a label out of range
    ASSERT_FALSE(label.empty());
    pixels += static_cast<int64_t>(label.total());
    for (const int32_t value : cv::Mat_<int32_t>(label)) ++counts[value];
  }
  EXPECT_LE(counts[255] * 100, pixels * most_ignored);
  EXPECT_GE(counts.size(), 4U) << "few classes: wrong numbers?";
}

INSTANTIATE_TEST_SUITE_P(DataSets, RealSamples,
                         testing::Values(RealSample{"ade20k", "root: ade20k", "train", 1, 20},
                                         RealSample{"ade20k", "root: ade20k/ADEChallengeData2016", "val", 1, 20},
                                         RealSample{"cityscapes", "root: cityscapes", "train", 3, 25},
                                         RealSample{"cityscapes", "root: cityscapes", "val", 1, 25},
                                         RealSample{"cityscapes", "root: cityscapes", "trainval", 4, 25},
                                         RealSample{"cocostuff10k", "root: cocostuff10k", "train", 13, 20},
                                         RealSample{"cocostuff10k", "root: cocostuff10k, classes: 171", "test", 4, 20},
                                         RealSample{"lip", "root: lip", "train", 1, 0},
                                         RealSample{"lip", "root: lip", "val", 1, 0},
                                         RealSample{"voc", "root: voc2012", "trainaug", 3, 20}));

}  // namespace
}  // namespace sshost::data
