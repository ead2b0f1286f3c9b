// Feature pyramid (Lin et al., "Feature Pyramid Networks for Object Detection", CVPR 2017), as UPerNet (Xiao et al.,
// "Unified Perceptual Parsing for Scene Understanding", ECCV 2018) uses it: from the coarsest level down, what is above
// is resized and added to the level below; each level is then convolved, except the one that was given as the top.
#ifndef SSHOST_NN_FEATURE_PYRAMID_HPP
#define SSHOST_NN_FEATURE_PYRAMID_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../ops/arithmetic.hpp"
#include "../ops/network.hpp"
#include "activation.hpp"
#include "conv.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct FeaturePyramidSpec {
  std::vector<int64_t> in;  // channels of the levels below the top, the finest first
  int64_t channels = 256;   // that levels are added in: those of the top
  int64_t out = 256;        // of each convolved level
  ActivationSpec activation = relu;
};

// Its state, in the scope of `build`: "lateral.<i>" (1 x 1) and "out.<i>" (3 x 3), each with batch norm.
class FeaturePyramid {
 public:
  FeaturePyramid(const Builder& build, const FeaturePyramidSpec& spec) {
    for (const int64_t channels : spec.in) {
      const std::string index = std::to_string(lateral_.size());
      lateral_.push_back({build.scope("lateral"),
                          index,
                          {.in = channels, .out = spec.channels, .norm = batch_norm, .activation = spec.activation}});
      out_.push_back(
          {build.scope("out"),
           index,
           {.in = spec.channels, .out = spec.out, .kernel = 3, .norm = batch_norm, .activation = spec.activation}});
    }
  }

  // Levels below the top.
  std::size_t levels() const { return lateral_.size(); }

  // `maps` as in `spec.in`, top [N, channels, h, w] -> the convolved levels, the finest first, and the top as it is.
  std::vector<Tensor> operator()(Context& ctx, std::span<const Tensor> maps, const Tensor& top) const {
    if (maps.size() != levels()) {
      throw Error("the feature pyramid takes " + std::to_string(levels()) + " maps below its top, found " +
                  std::to_string(maps.size()));
    }
    std::vector<Tensor> result(levels() + 1, top);
    Tensor above = top;
    for (std::size_t i = levels(); i-- > 0;) {
      const Tensor lateral = lateral_[i](ctx, maps[i]);
      above = lateral + resize_bilinear(above, lateral.spatial());
      result[i] = out_[i](ctx, above);
    }
    return result;
  }

 private:
  std::vector<Conv> lateral_, out_;
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
