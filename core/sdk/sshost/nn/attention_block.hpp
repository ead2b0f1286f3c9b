// Attention of every pixel over the pixels of another map, as object-contextual representations and class memories use
// it (Yuan et al., "Object-Contextual Representations for Semantic Segmentation", ECCV 2020).
//
//   ss::nn::AttentionBlock attend(build.scope("attention"), {.query = 512, .key = 512, .transform = 256},
//                                 ss::nn::relu);
//   y = attend(ctx, pixels, regions);
//
// Not a layer of the host's but made of layers: 1x1 convolution -> batch norm -> activation, two for the queries and
// two for the keys, one for the values and one back to the queries' width. Their names are "query.0", "query.1",
// "key.0", "key.1", "value" and "out".
#ifndef SSHOST_NN_ATTENTION_BLOCK_HPP
#define SSHOST_NN_ATTENTION_BLOCK_HPP

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../names.hpp"
#include "../ops.hpp"
#include "conv.hpp"
#include "tokens.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct AttentionBlockSpec {
  int64_t query = 0;      // channels of the query map, and of the result
  int64_t key = 0;        // channels of the key map
  int64_t transform = 0;  // channels that queries and keys are compared in
};

class AttentionBlock {
 public:
  AttentionBlock(const Builder& build, const AttentionBlockSpec& spec, const ActivationSpec& activation)
      : query_{projection(build, "query.0", spec.query, spec.transform, activation),
               projection(build, "query.1", spec.transform, spec.transform, activation)},
        key_{projection(build, "key.0", spec.key, spec.transform, activation),
             projection(build, "key.1", spec.transform, spec.transform, activation)},
        value_(projection(build, "value", spec.key, spec.transform, activation)),
        out_(projection(build, "out", spec.transform, spec.query, activation)),
        scale_(1 / std::sqrt(static_cast<double>(spec.transform))) {}

  // query [N, Cq, h, w], key [N, Ck, h', w'] -> [N, Cq, h, w]: softmax(q k^T / sqrt(transform)) v, projected back.
  Tensor operator()(Context& ctx, const Tensor& query, const Tensor& key) const {
    const Tensor q = tokens_of(query_.second(ctx, query_.first(ctx, query)));
    const Tensor k = flatten(key_.second(ctx, key_.first(ctx, key)), 2);
    const Tensor v = tokens_of(value_(ctx, key));
    return out_(ctx, map_of(attention(q, k, v, scale_), query.spatial()));
  }

 private:
  struct Projections {
    Conv first, second;
  };

  static Conv projection(const Builder& build, std::string_view name, int64_t in, int64_t out,
                         const ActivationSpec& activation) {
    return {build, name, {.in = in, .out = out, .norm = batch_norm, .activation = activation}};
  }

  Projections query_, key_;
  Conv value_, out_;
  double scale_;
};

// Rules that map the block's keys under `ours` to a checkpoint's under `theirs`, where it says query_project and so on:
// sssegmentation's by default; mmsegmentation calls the parts of a convolution "conv" and "bn".
inline std::vector<NameRule> attention_block_names(const std::string& ours, const std::string& theirs,
                                                   const std::string& conv_part = "0",
                                                   const std::string& norm_part = "1") {
  std::vector<NameRule> rules;
  const auto map = [&](const char* from, const char* to) {
    add_conv_names(rules, ours + from, theirs + to + "." + conv_part, theirs + to + "." + norm_part);
  };
  map(".query.0", ".query_project.0");
  map(".query.1", ".query_project.1");
  map(".key.0", ".key_project.0");
  map(".key.1", ".key_project.1");
  map(".value", ".value_project");
  map(".out", ".out_project");
  return rules;
}

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
