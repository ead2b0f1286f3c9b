// The smallest backbone: the image itself, averaged over 4 x 4 and 8 x 8 pixels.
#include <sshost/backbone.hpp>

namespace {

class NullBackbone final : public ss::Backbone {
 public:
  NullBackbone(ss::Builder&, const ss::BackboneSpec& spec) : channels_(spec.in_channels) {}

  std::vector<ss::FeatureSpec> features() const override { return {{channels_, 4}, {channels_, 8}}; }

  std::vector<ss::Tensor> forward(ss::Context&, const ss::Tensor& image) const override {
    return {ss::avg_pool2d(image, {.kernel = 4, .stride = 4}), ss::avg_pool2d(image, {.kernel = 8, .stride = 8})};
  }

 private:
  int64_t channels_;
};

}  // namespace

SSHOST_PLUGIN("null_backbone", "1.0.0", ss::backbone<NullBackbone>("null", "the image, averaged"))
