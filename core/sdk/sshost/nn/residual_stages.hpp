// Four stages of residual blocks with dilated late stages, and the deep stem before them: what ResNet and its relatives
// share (dilation as in Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017).
//
//   ss::nn::ResidualStages<ss::nn::ResidualBlock> stages(build, {.block = {.in = 64, .width = 64, .bottleneck = true},
//                                                                .counts = {3, 4, 6, 3}, .output_stride = 8});
//   maps = stages(ctx, x);   x at a quarter of the image's side
#ifndef SSHOST_NN_RESIDUAL_STAGES_HPP
#define SSHOST_NN_RESIDUAL_STAGES_HPP

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../features.hpp"
#include "residual_block.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct ResidualStagesSpec {
  ResidualBlockSpec block;          // `in` and `width` of the first stage; each next one has twice the width
  std::array<int64_t, 4> counts{};  // blocks of each stage
  int64_t output_stride = 32;       // the image's side to that of the last map: 8, 16 or 32
  bool contract_dilation = true;    // the first block of a dilated stage has half the dilation
};

// `Block` is constructed from a Builder and a ResidualBlockSpec, and called as block(ctx, x). Block i of stage s is
// named "layer<s + 1>.<i>".
template <class Block>
class ResidualStages {
 public:
  ResidualStages(const Builder& build, const ResidualStagesSpec& spec) {
    const std::array<Stage, 4> stages = stages_for(spec.output_stride);
    ResidualBlockSpec block = spec.block;
    int64_t stride = 4;
    for (std::size_t i = 0; i < stages.size(); ++i, block.width *= 2) {
      add(build.scope("layer" + std::to_string(i + 1)), block, stages[i], spec.counts[i], spec.contract_dilation);
      stride *= stages[i].stride;
      features_.push_back({block.out(), stride});
    }
  }

  const std::vector<FeatureSpec>& features() const { return features_; }

  // [N, block.in, h, w] -> the result of every stage.
  std::vector<Tensor> operator()(Context& ctx, Tensor x) const {
    std::vector<Tensor> maps;
    for (const std::vector<Block>& stage : stages_) {
      for (const Block& block : stage) x = block(ctx, x);
      maps.push_back(x);
    }
    return maps;
  }

 private:
  struct Stage {
    int64_t stride;
    int64_t dilation;
  };

  static std::array<Stage, 4> stages_for(int64_t output_stride) {
    switch (output_stride) {
      case 8:
        return {{{1, 1}, {2, 1}, {1, 2}, {1, 4}}};
      case 16:
        return {{{1, 1}, {2, 1}, {2, 1}, {1, 2}}};
      case 32:
        return {{{1, 1}, {2, 1}, {2, 1}, {2, 1}}};
      default:
        throw Error("output_stride is 8, 16 or 32, not " + std::to_string(output_stride));
    }
  }

  // `block` comes with the stage's width and the channels before it, and leaves with those after it.
  void add(const Builder& build, ResidualBlockSpec& block, const Stage& stage, int64_t count, bool contract) {
    std::vector<Block>& blocks = stages_.emplace_back();
    for (int64_t i = 0; i < count; ++i) {
      const bool first = i == 0;
      block.stride = first ? stage.stride : 1;
      block.dilation = first && contract && stage.dilation > 1 ? stage.dilation / 2 : stage.dilation;
      blocks.emplace_back(build.scope(i), block);
      block.in = block.out();
    }
  }

  std::vector<std::vector<Block>> stages_;
  std::vector<FeatureSpec> features_;
};

// Three 3x3 convolutions in place of a 7x7 one (He, T. et al., "Bag of Tricks", CVPR 2019, variant C): `width`, `width`
// and 2 x `width` channels, the first with stride 2. Their parts are "stem.0", "stem.1", "stem.3", "stem.4", "stem.6",
// "stem.7", as in a sequence with activations between.
inline std::vector<Conv> deep_stem(const Builder& build, int64_t in, int64_t width) {
  struct Step {
    int64_t out, stride;
    std::string_view conv_part, norm_part;
  };
  std::vector<Conv> convs;
  for (const Step& step : {Step{width, 2, "0", "1"}, Step{width, 1, "3", "4"}, Step{2 * width, 1, "6", "7"}}) {
    convs.push_back({build,
                     "stem",
                     {.in = in,
                      .out = step.out,
                      .kernel = 3,
                      .stride = step.stride,
                      .norm = batch_norm,
                      .activation = relu,
                      .conv_part = step.conv_part,
                      .norm_part = step.norm_part}});
    in = step.out;
  }
  return convs;
}

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
