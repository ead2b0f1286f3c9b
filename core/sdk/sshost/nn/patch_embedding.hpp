// Square patches of an image as vectors, by a convolution whose stride is its side (Dosovitskiy et al., "An Image is
// Worth 16x16 Words", ICLR 2021).
//
//   ss::nn::PatchEmbedding patches(build, {.in = 3, .out = 1024, .side = 16});
//   map = patches(ctx, image);         [N, 1024, h, w]
//   tokens = ss::nn::tokens_of(map);   [N, h * w, 1024] (tokens.hpp)
#ifndef SSHOST_NN_PATCH_EMBEDDING_HPP
#define SSHOST_NN_PATCH_EMBEDDING_HPP

#include <cstdint>

#include "../ops/shape.hpp"
#include "conv.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct PatchEmbeddingSpec {
  int64_t in = 3;
  int64_t out = 0;
  int64_t side = 16;  // pixels of a patch
};

class PatchEmbedding {
 public:
  // Name: patch_embed.proj, as in timm.
  PatchEmbedding(const Builder& build, const PatchEmbeddingSpec& spec)
      : side_(spec.side),
        project_(build, "patch_embed.proj",
                 {.in = spec.in, .out = spec.out, .kernel = spec.side, .stride = spec.side, .padding = 0}) {}

  // [N, in, H, W] -> [N, out, ceil(H / side), ceil(W / side)]: zeros at the right and at the bottom make patches whole.
  Tensor operator()(Context& ctx, const Tensor& image) const { return project_(ctx, padded(image)); }

 private:
  Tensor padded(const Tensor& image) const {
    const Size size = image.spatial();
    const int64_t right = (side_ - size.width % side_) % side_;
    const int64_t bottom = (side_ - size.height % side_) % side_;
    return right == 0 && bottom == 0 ? image : pad(image, {0, right, 0, bottom});
  }

  int64_t side_;
  Conv project_;
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
