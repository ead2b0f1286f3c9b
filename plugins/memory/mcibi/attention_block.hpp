// Attention of every pixel over the pixels of another map (Yuan et al., "Object-Contextual Representations for Semantic
// Segmentation", ECCV 2020), as MCIBI uses it: query from the pixels, key and value from what is mined.
#ifndef SSHOST_MCIBI_ATTENTION_BLOCK_HPP
#define SSHOST_MCIBI_ATTENTION_BLOCK_HPP

#include <sshost/nn.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mcibi {

struct AttentionSizes {
  int64_t query;      // channels of the query map, and of the result
  int64_t key;        // channels of the key map
  int64_t transform;  // channels that queries and keys are compared in
};

class AttentionBlock {
 public:
  AttentionBlock(const ss::Builder& build, const AttentionSizes& sizes, const ss::nn::ActivationSpec& activation);

  // query [N, Cq, h, w], key [N, Ck, h', w'] -> [N, Cq, h, w]: softmax(q k^T / sqrt(transform)) v, projected back.
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& query, const ss::Tensor& key) const;

 private:
  ss::nn::Conv query_first_, query_second_;
  ss::nn::Conv key_first_, key_second_;
  ss::nn::Conv value_, out_;
  double scale_;
};

}  // namespace mcibi

#endif
