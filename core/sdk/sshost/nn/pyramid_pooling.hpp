// Pyramid pooling (Zhao et al., "Pyramid Scene Parsing Network", CVPR 2017): a map beside its own averages over s x s
// cells.
#ifndef SSHOST_NN_PYRAMID_POOLING_HPP
#define SSHOST_NN_PYRAMID_POOLING_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../ops/network.hpp"
#include "activation.hpp"
#include "conv.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct PyramidPoolingSpec {
  int64_t in = 0;
  int64_t out = 512;                           // of every branch and of the result
  std::vector<int64_t> scales = {1, 2, 3, 6};  // cells a side of each branch
  ActivationSpec activation = relu;
};

// Its state, in the scope of `build`: "branches.<i>" (1 x 1) and "fuse" (3 x 3), each with batch norm.
class PyramidPooling {
 public:
  PyramidPooling(const Builder& build, const PyramidPoolingSpec& spec)
      : branches_(make_branches(build.scope("branches"), spec)),
        fuse_(build, "fuse",
              {.in = spec.in + static_cast<int64_t>(branches_.size()) * spec.out,
               .out = spec.out,
               .kernel = 3,
               .norm = batch_norm,
               .activation = spec.activation}) {}

  std::size_t branches() const { return branches_.size(); }

  // [N, in, h, w] -> [N, out, h, w].
  Tensor operator()(Context& ctx, const Tensor& x) const {
    std::vector<Tensor> parts{x};
    for (const Branch& branch : branches_) parts.push_back(branch.conv(ctx, adaptive_avg_pool2d(x, branch.cells)));
    return fuse_(ctx, parts);  // one layer: resizes every part to the first one's size, concatenates, convolves
  }

 private:
  struct Branch {
    int64_t cells;
    Conv conv;
  };

  static std::vector<Branch> make_branches(const Builder& build, const PyramidPoolingSpec& spec) {
    std::vector<Branch> branches;
    for (const int64_t cells : spec.scales) {
      const Conv conv(build, std::to_string(branches.size()),
                      {.in = spec.in, .out = spec.out, .norm = batch_norm, .activation = spec.activation});
      branches.push_back({cells, conv});
    }
    return branches;
  }

  std::vector<Branch> branches_;
  Conv fuse_;
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
