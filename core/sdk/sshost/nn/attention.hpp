// Multi-head self-attention over tokens [N, L, C], with one fused projection to query, key and value.
#ifndef SSHOST_NN_ATTENTION_HPP
#define SSHOST_NN_ATTENTION_HPP

#include <string>
#include <string_view>

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct AttentionSpec {
  int64_t channels = 0;
  int64_t heads = 1;
  bool bias = true;
  // State: name + "." + part + "weight": a part ends with its own separator, so that "in_proj_" can be named too.
  std::string_view qkv_part = "qkv.";
  std::string_view out_part = "out.";
};

class Attention : public detail::Layer {
 public:
  Attention(const Builder& build, std::string_view name, const AttentionSpec& spec)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          ss_attention_spec abi{};
          abi.size = sizeof(abi);
          abi.bias = spec.bias ? 1 : 0;
          abi.name = ss::detail::to_abi(path);
          abi.qkv_part = ss::detail::to_abi(spec.qkv_part);
          abi.out_part = ss::detail::to_abi(spec.out_part);
          abi.channels = spec.channels;
          abi.heads = spec.heads;
          return detail::layers_api().attention(build.handle(), &abi, out);
        }) {}

  // `bias` and `mask`, where given, broadcast to [N, heads, L, L] and are added to the logits.
  Tensor operator()(Context& ctx, const Tensor& tokens, const Tensor& bias = {}, const Tensor& mask = {}) const {
    ss_tensor result = nullptr;
    ss::detail::check(
        detail::layers_api().attend(ctx.handle(), handle(), tokens.handle(), bias.handle(), mask.handle(), &result));
    return Tensor::adopt(result);
  }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
