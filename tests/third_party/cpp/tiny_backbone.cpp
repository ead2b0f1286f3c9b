// Strided convolutions, each of which halves the image: the maps after the second and after the last go on.
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

struct TinyOptions {
  int64_t channels = 16;
  int64_t halvings = 3;
};

class TinyBackbone final : public ss::Backbone {
 public:
  static ss::Schema<TinyOptions> schema() {
    return {{"channels", &TinyOptions::channels, "width of every map", ss::at_least(1)},
            {"halvings", &TinyOptions::halvings, "how many strided convolutions", ss::between(2, 5)}};
  }

  TinyBackbone(ss::Builder& build, const TinyOptions& options, const ss::BackboneSpec& image)
      : channels_(options.channels) {
    for (int64_t i = 0; i < options.halvings; ++i) {
      convolutions_.emplace_back(build, "halve." + std::to_string(i),
                                 ss::nn::ConvSpec{.in = i == 0 ? image.in_channels : channels_,
                                                  .out = channels_,
                                                  .kernel = 3,
                                                  .stride = 2,
                                                  .norm = ss::nn::batch_norm,
                                                  .activation = ss::nn::relu});
    }
  }

  std::vector<ss::FeatureSpec> features() const override {
    return {{channels_, 4}, {channels_, int64_t{1} << convolutions_.size()}};
  }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    std::vector<ss::Tensor> maps{image};
    for (const ss::nn::Conv& halve : convolutions_) maps.push_back(halve(ctx, maps.back()));
    return {maps[2], maps.back()};
  }

 private:
  int64_t channels_;
  std::vector<ss::nn::Conv> convolutions_;
};

}  // namespace

SSHOST_PLUGIN("somebody_elses_backbone", "0.1.0",
              ss::backbone<TinyBackbone, TinyOptions>("tiny", "strided convolutions"))
