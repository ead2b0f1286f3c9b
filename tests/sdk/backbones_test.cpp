// What our backbones say of themselves: the maps they give, and their size against the published number of parameters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <stdexcept>

#include "sdk/loaded_plugin.h"

namespace sshost::test {
namespace {

using Specs = std::vector<std::pair<int64_t, int64_t>>;  // channels and stride of each map

Options resnest(int64_t depth, int64_t output_stride, int64_t stem_width) {
  return group({{"depth", value_of(depth)},
                {"output_stride", value_of(output_stride)},
                {"stem_width", value_of(stem_width)},
                {"contract_dilation", value_of(true)}});
}
Options hrnet(const std::string& variant) {
  return group({{"variant", value_of(variant)}, {"first_stem_relu", value_of(true)}});
}

class Backbones : public testing::Test {
 protected:
  // Leaves what the backbone declared in `host`.
  Specs features(const std::string& plugin, const Options& options) {
    host.states.clear();
    const auto* table =
        static_cast<const ss_backbone_table*>(load(SSHOST_PLUGIN_DIR "/" + plugin + ".so", host)->components[0]->table);
    const ss_backbone_spec spec{sizeof(spec), 0, 3};
    void* self = nullptr;
    if (table->create(nullptr, &options, &spec, &self) != SS_OK) throw std::runtime_error(host.last_message);
    ss_feature_spec maps[8];
    uint32_t count = 8;
    const ss_status status = table->features(self, maps, &count);
    table->destroy(self);
    if (status != SS_OK) throw std::runtime_error(host.last_message);
    Specs specs;
    for (uint32_t i = 0; i < count; ++i) specs.emplace_back(maps[i].channels, maps[i].stride);
    return specs;
  }

  // In millions.
  double parameters(const std::string& plugin, const Options& options) {
    features(plugin, options);
    double count = 0;
    for (const DeclaredState& state : host.states) {
      const std::string part = state.name.substr(state.name.rfind('.') + 1);
      if (part != "weight" && part != "bias") continue;
      count +=
          static_cast<double>(std::accumulate(state.sizes.begin(), state.sizes.end(), int64_t{1}, std::multiplies<>()));
    }
    return count / 1e6;
  }

  FakeHost host;
};

TEST_F(Backbones, ResNeStGivesFourMapsAtEveryDepthAndOutputStride) {
  for (const int64_t depth : {50, 101, 200}) {
    EXPECT_EQ(features("resnest", resnest(depth, 8, 64)), (Specs{{256, 4}, {512, 8}, {1024, 8}, {2048, 8}})) << depth;
    EXPECT_EQ(features("resnest", resnest(depth, 16, 64)), (Specs{{256, 4}, {512, 8}, {1024, 16}, {2048, 16}}));
    EXPECT_EQ(features("resnest", resnest(depth, 32, 64)), (Specs{{256, 4}, {512, 8}, {1024, 16}, {2048, 32}}));
  }
}

TEST_F(Backbones, HrNetGivesOneMapOfAllBranches) {
  EXPECT_EQ(features("hrnet", hrnet("w18-small")), (Specs{{270, 4}}));
  EXPECT_EQ(features("hrnet", hrnet("w18")), (Specs{{270, 4}}));
  EXPECT_EQ(features("hrnet", hrnet("w32")), (Specs{{480, 4}}));
  EXPECT_EQ(features("hrnet", hrnet("w40")), (Specs{{600, 4}}));
  EXPECT_EQ(features("hrnet", hrnet("w48")), (Specs{{720, 4}}));
}

// The paper's table 3 counts a classifier of 1000 classes too.
TEST_F(Backbones, ResNeStHasThePublishedNumberOfParameters) {
  constexpr double kClassifier = (2048 * 1000 + 1000) / 1e6;
  EXPECT_NEAR(parameters("resnest", resnest(50, 32, 32)) + kClassifier, 27.5, 0.05);
  EXPECT_NEAR(parameters("resnest", resnest(101, 32, 64)) + kClassifier, 48.3, 0.05);
  EXPECT_NEAR(parameters("resnest", resnest(200, 32, 64)) + kClassifier, 70.2, 0.05);
}

// HRNet's classification models have, after the four branches, a bottleneck on each (to 128 ... 1024 channels), strided
// convolutions between them, a 1x1 convolution to 2048 channels and a classifier.
double classification_head(int64_t width) {
  int64_t count = 1024 * 2048 + 3 * 2048 + 2048 * 1000 + 1000;
  for (int64_t i = 0, inner = 32; i < 4; ++i, inner *= 2) {
    const int64_t in = width << i;
    const int64_t out = 4 * inner;
    count += in * inner + 9 * inner * inner + inner * out + in * out + 4 * inner + 4 * out;
    if (i < 3) count += 9 * out * 2 * out + 3 * 2 * out;
  }
  return static_cast<double>(count) / 1e6;
}

// As the model zoos of mmpretrain and timm say for the models that classify.
TEST_F(Backbones, HrNetHasThePublishedNumberOfParameters) {
  EXPECT_NEAR(parameters("hrnet", hrnet("w18-small")) + classification_head(18), 15.60, 0.01);
  EXPECT_NEAR(parameters("hrnet", hrnet("w18")) + classification_head(18), 21.30, 0.01);
  EXPECT_NEAR(parameters("hrnet", hrnet("w32")) + classification_head(32), 41.23, 0.01);
  EXPECT_NEAR(parameters("hrnet", hrnet("w40")) + classification_head(40), 57.55, 0.01);
  EXPECT_NEAR(parameters("hrnet", hrnet("w48")) + classification_head(48), 77.47, 0.01);
}

}  // namespace
}  // namespace sshost::test
