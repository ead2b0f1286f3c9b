// Norms, as part of a convolution (NormSpec), or alone over one or several maps (Norm).
#ifndef SSHOST_NN_NORM_HPP
#define SSHOST_NN_NORM_HPP

#include <string>
#include <string_view>
#include <vector>

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct NormSpec {
  ss_norm_kind kind = SS_NORM_NONE;
  int64_t groups = 0;     // of a group norm
  double epsilon = 1e-5;  // 0 means this too
  double momentum = 0.1;  // of a batch norm: the weight of the new batch in the running statistics; 0 means this too
};

inline constexpr NormSpec no_norm{};
inline constexpr NormSpec batch_norm{.kind = SS_NORM_BATCH};
inline constexpr NormSpec layer_norm{.kind = SS_NORM_LAYER};  // over channels: axis 1 of a map, else the last axis
constexpr NormSpec group_norm(int64_t groups) { return {.kind = SS_NORM_GROUP, .groups = groups}; }

namespace detail {
// A NormSpec that needs ss.layers/2 where it is used.
template <ss_norm_kind kind>
struct LaterNorm {
  operator NormSpec() const {  // NOLINT: implicit by design
    layers_2_api();
    return {.kind = kind};
  }
};

inline ss_norm_spec to_abi(const NormSpec& spec) {
  return {sizeof(ss_norm_spec), spec.kind, spec.groups, spec.epsilon, spec.momentum};
}
}  // namespace detail

// Over the pixels of each channel of each image. A host before ss.layers/2 refuses plugins that use it.
inline constexpr detail::LaterNorm<SS_NORM_INSTANCE> instance_norm{};

class Norm : public detail::Layer {
 public:
  Norm(const Builder& build, std::string_view name, int64_t channels, const NormSpec& spec)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          const ss_norm_spec abi = detail::to_abi(spec);
          return detail::layers_api().norm(build.handle(), ss::detail::to_abi(path), channels, &abi, out);
        }) {}

  Tensor operator()(Context& ctx, const Tensor& x) const { return apply(ctx, x); }

  // Several maps of one size are concatenated over channels.
  Tensor operator()(Context& ctx, const std::vector<Tensor>& parts) const { return apply(ctx, parts); }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
