// Multi-head attention of tokens [N, L, C] to others [N, S, D], such as the same map on a coarser grid (SegFormer's
// spatial reduction; Xie et al., NeurIPS 2021). A host before ss.layers/2 refuses plugins that use it.
#ifndef SSHOST_NN_CROSS_ATTENTION_HPP
#define SSHOST_NN_CROSS_ATTENTION_HPP

#include <string>
#include <string_view>

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct CrossAttentionSpec {
  int64_t channels = 0;         // of the tokens, and of the result
  int64_t source_channels = 0;  // of what keys and values are made of; 0: the same
  int64_t heads = 1;
  bool bias = true;
  // State: name + "." + part + "weight"; keys and values lie behind each other in one projection.
  std::string_view query_part = "q.";
  std::string_view key_value_part = "kv.";
  std::string_view out_part = "proj.";
};

// Its functions are templates, so that including the header needs nothing of the host.
class CrossAttention : public detail::Layer {
 public:
  template <class = void>
  CrossAttention(const Builder& build, std::string_view name, const CrossAttentionSpec& spec)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          ss_cross_attention_spec abi{};
          abi.size = sizeof(abi);
          abi.bias = spec.bias ? 1 : 0;
          abi.name = ss::detail::to_abi(path);
          abi.query_part = ss::detail::to_abi(spec.query_part);
          abi.key_value_part = ss::detail::to_abi(spec.key_value_part);
          abi.out_part = ss::detail::to_abi(spec.out_part);
          abi.channels = spec.channels;
          abi.source_channels = spec.source_channels == 0 ? spec.channels : spec.source_channels;
          abi.heads = spec.heads;
          return detail::layers_2_api().cross_attention(build.handle(), &abi, out);
        }) {}

  // -> [N, L, C]. `bias` and `mask`, where given, broadcast to [N, heads, L, S] and are added to the logits.
  template <class = void>
  Tensor operator()(Context& ctx, const Tensor& tokens, const Tensor& source, const Tensor& bias = {},
                    const Tensor& mask = {}) const {
    ss_tensor result = nullptr;
    ss::detail::check(detail::layers_2_api().attend_to(ctx.handle(), handle(), tokens.handle(), source.handle(),
                                                       bias.handle(), mask.handle(), &result));
    return Tensor::adopt(result);
  }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
