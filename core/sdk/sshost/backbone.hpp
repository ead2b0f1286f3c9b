// Backbones: an image in, feature maps out.
//
//   class Tiny final : public ss::Backbone {
//    public:
//     Tiny(ss::Builder& build, const TinyOptions& options, const ss::BackboneSpec& spec);
//     std::vector<ss::FeatureSpec> features() const override;
//     std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override;
//   };
//   SSHOST_PLUGIN("tiny", "1.0.0", ss::backbone<Tiny, TinyOptions>("tiny", "four convolutions"))
#ifndef SSHOST_BACKBONE_HPP
#define SSHOST_BACKBONE_HPP

#include <sshost/abi/backbone.h>

#include <string>
#include <utility>
#include <vector>

#include "builder.hpp"
#include "context.hpp"
#include "detail/create.hpp"
#include "detail/give.hpp"
#include "features.hpp"
#include "names.hpp"
#include "ops.hpp"
#include "options.hpp"
#include "plugin.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct BackboneSpec {
  int64_t in_channels;  // of the image
};

// Immutable once constructed: `forward` may run on several threads at once.
class Backbone {
 public:
  Backbone() = default;
  Backbone(const Backbone&) = delete;
  Backbone& operator=(const Backbone&) = delete;
  virtual ~Backbone() = default;

  // The maps that `forward` gives, from the first stage to the last.
  virtual std::vector<FeatureSpec> features() const = 0;

  // image [N, in_channels, H, W], normalised -> the maps, [N, channels, ~H / stride, ~W / stride] each.
  virtual std::vector<Tensor> forward(Context& ctx, const Tensor& image) const = 0;
};

namespace detail {

template <class T, class Options>
struct BackboneAdapter {
  static ss_status create(ss_builder builder, ss_options options, const ss_backbone_spec* spec, void** self) {
    return guarded("create", [&] {
      Builder build(builder);
      *self = make<T, Options>(options, build, BackboneSpec{spec->in_channels});
    });
  }
  static void destroy(void* self) { delete static_cast<T*>(self); }

  static ss_status features(void* self, ss_feature_spec* out, uint32_t* count) {
    return guarded("features", [&] {
      const std::vector<FeatureSpec> specs = static_cast<const T*>(self)->features();
      return fill(out, count, specs.size(), [&](std::size_t i) { return specs[i]; });
    });
  }

  static ss_status forward(void* self, ss_context context, ss_tensor image, ss_tensor* features, uint32_t count) {
    return guarded("forward", [&] {
      Context ctx(context);
      std::vector<Tensor> maps = static_cast<const T*>(self)->forward(ctx, Tensor::share(image));
      if (maps.size() != count) {
        throw Error(
            "gave " + std::to_string(maps.size()) + " feature maps where features() tells " + std::to_string(count),
            SS_INTERNAL);
      }
      give_all(std::move(maps), features);
    });
  }

  static constexpr ss_backbone_table table{create, destroy, features, forward};
};

}  // namespace detail

// A backbone for SSHOST_PLUGIN: `name` is the pipeline's `type`, `text` a line of help.
template <class T, class Options = NoOptions>
detail::Component<SS_BACKBONE_1> backbone(std::string name, std::string text) {
  return {std::move(name), std::move(text), detail::component_schema<T, Options>().abi(),
          &detail::BackboneAdapter<T, Options>::table, detail::further_capability<T>};
}

}  // namespace v1
}  // namespace ss

#endif
