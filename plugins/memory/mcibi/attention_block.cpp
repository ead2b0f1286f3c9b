#include "attention_block.hpp"

#include <sshost/ops.hpp>

#include <cmath>

namespace mcibi {
namespace {

ss::nn::Conv projection(const ss::Builder& build, const char* name, int64_t in, int64_t out,
                        const ss::nn::ActivationSpec& activation) {
  return {build, name, {.in = in, .out = out, .norm = ss::nn::batch_norm, .activation = activation}};
}

// [N, C, h, w] -> [N, h * w, C]
ss::Tensor tokens(const ss::Tensor& map) { return ss::transpose(ss::flatten(map, 2), 1, 2); }

}  // namespace

AttentionBlock::AttentionBlock(const ss::Builder& build, const AttentionSizes& sizes,
                               const ss::nn::ActivationSpec& activation)
    : query_first_(projection(build, "query.0", sizes.query, sizes.transform, activation)),
      query_second_(projection(build, "query.1", sizes.transform, sizes.transform, activation)),
      key_first_(projection(build, "key.0", sizes.key, sizes.transform, activation)),
      key_second_(projection(build, "key.1", sizes.transform, sizes.transform, activation)),
      value_(projection(build, "value", sizes.key, sizes.transform, activation)),
      out_(projection(build, "out", sizes.transform, sizes.query, activation)),
      scale_(1 / std::sqrt(static_cast<double>(sizes.transform))) {}

ss::Tensor AttentionBlock::operator()(ss::Context& ctx, const ss::Tensor& query, const ss::Tensor& key) const {
  const ss::Tensor q = tokens(query_second_(ctx, query_first_(ctx, query)));
  const ss::Tensor k = ss::flatten(key_second_(ctx, key_first_(ctx, key)), 2);
  const ss::Tensor v = tokens(value_(ctx, key));
  const ss::Tensor weights = ss::softmax(ss::matmul(q, k) * scale_, -1);
  const ss::Tensor mined = ss::transpose(ss::matmul(weights, v), 1, 2);
  return out_(ctx, ss::reshape(mined, {query.size(0), v.size(2), query.size(2), query.size(3)}));
}

}  // namespace mcibi
