// The position embedding: a learned vector for the class token and one for each patch of the image size that it was
// trained for.
#ifndef SSHOST_PLUGINS_VIT_POSITION_HPP
#define SSHOST_PLUGINS_VIT_POSITION_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/state.hpp>

#include <cstdint>

class PositionEmbedding {
 public:
  // `grid`: patches a side. State: pos_embed [1, 1 + height * width, channels].
  PositionEmbedding(const ss::Builder& build, ss::Size grid, int64_t channels);

  // [1, 1 + height * width, channels] for an image of `grid` patches. As published, the table is resized (bilinearly,
  // without the class token's part) only where the number of patches differs: one of 32 x 32 serves 16 x 64 as it is.
  ss::Tensor operator()(ss::Context& ctx, ss::Size grid) const;

 private:
  ss::Size grid_;
  ss::nn::Parameter table_;
};

#endif
