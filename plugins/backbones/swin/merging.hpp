// Between two stages: each 2 x 2 neighbours become one token of twice the channels.
#ifndef SSHOST_PLUGINS_SWIN_MERGING_HPP
#define SSHOST_PLUGINS_SWIN_MERGING_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/linear.hpp>
#include <sshost/nn/norm.hpp>

#include <cstdint>

class PatchMerging {
 public:
  // Names: norm, reduction. A channel's four values lie side by side in their 4 * channels inputs, row by
  // row; the authors' own files have four blocks of all channels instead (names.hpp).
  PatchMerging(const ss::Builder& build, int64_t channels);

  // Tokens [N, size.height * size.width, channels] -> [N, ceil(height / 2) * ceil(width / 2), 2 * channels]. A map of
  // odd size gets zeros at the right or at the bottom.
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size) const;

  static ss::Size merged(ss::Size size) { return {(size.height + 1) / 2, (size.width + 1) / 2}; }

 private:
  int64_t channels_;
  ss::nn::Norm norm_;
  ss::nn::Linear reduction_;
};

#endif
