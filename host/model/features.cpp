#include "model/features.h"

#include <algorithm>
#include <string>

#include "bridge/boundary.h"
#include "bridge/operand.h"
#include "config/value_error.h"
#include "layer/conv.h"
#include "layer/norm.h"
#include "model/feature_index.h"

namespace sshost::model {
namespace {

// That of the published recipes which normalise features, all of them with a vision transformer.
constexpr double kNormEpsilon = 1e-6;

}  // namespace

FeatureStage::FeatureStage(const config::FeaturesConfig& config, const FeatureSpecs& backbone,
                           state::Builder& builder) {
  for (const int64_t index : config.indices) {
    indices_.push_back(feature_index(index, backbone.size(), "model.features.indices"));
  }
  if (config.indices.empty()) {
    for (std::size_t index = 0; index < backbone.size(); ++index) indices_.push_back(index);
  }
  for (const std::size_t index : indices_) features_.push_back(backbone[index]);
  if (config.layer_norm) add_norms(builder);
  if (config.downsample) add_downsample(config.downsample->stride, builder);
}

void FeatureStage::add_norms(state::Builder& builder) {
  const ss_norm_spec spec = {
      .size = sizeof spec, .kind = SS_NORM_LAYER, .groups = 0, .epsilon = kNormEpsilon, .momentum = 0};
  for (std::size_t index = 0; index < features_.size(); ++index) {
    norms_.push_back(layer::make_norm(builder, "norm." + std::to_string(index), features_[index].channels, &spec));
  }
}

void FeatureStage::add_downsample(int64_t stride, state::Builder& builder) {
  const int64_t channels = features_.front().channels;
  for (ss_feature_spec& feature : features_) {
    if (feature.channels != channels) {
      throw config::ValueError(
          "model.features.downsample",
          "all chosen feature maps share its convolution and need the same number of channels, found " +
              std::to_string(channels) + " and " + std::to_string(feature.channels) +
              "; choose other maps with model.features.indices");
    }
    feature.stride *= stride;
  }
  const ss_norm_spec norm = {.size = sizeof norm, .kind = SS_NORM_BATCH, .groups = 0, .epsilon = 0, .momentum = 0};
  const ss_activation_spec relu = {.size = sizeof relu, .kind = SS_ACTIVATION_RELU, .slope = 0};
  ss_conv_spec spec = {};
  spec.size = sizeof spec;
  spec.name = bridge::to_ss_string("downsample");
  spec.conv_part = bridge::to_ss_string("conv");
  spec.norm_part = bridge::to_ss_string("norm");
  spec.in_channels = spec.out_channels = channels;
  for (int axis = 0; axis < 2; ++axis) {
    spec.kernel[axis] = 3;
    spec.stride[axis] = stride;
    spec.padding[axis] = 1;
    spec.dilation[axis] = 1;
  }
  spec.groups = 1;
  spec.norm = &norm;
  spec.activation = &relu;
  downsample_ = std::make_unique<layer::Conv>(builder, spec);
}

std::vector<at::Tensor> FeatureStage::forward(state::ExecutionContext& context,
                                              const std::vector<at::Tensor>& maps) const {
  std::vector<at::Tensor> chosen;
  chosen.reserve(indices_.size());
  for (const std::size_t index : indices_) {
    at::Tensor map = maps[index];
    if (!norms_.empty()) {
      map = bridge::plain(map);
      map = norms_[chosen.size()]->apply(context, {&map, 1}, {});
    }
    if (downsample_) map = downsample_->apply(context, {&map, 1}, {});
    chosen.push_back(std::move(map));
  }
  return chosen;
}

std::vector<std::string> FeatureStage::formats() { return {"sssegmentation"}; }

std::vector<NameRule> FeatureStage::rules(std::string_view format) {
  if (format != "sssegmentation") return {};
  return {{"norm", "norm_layers"},
          {"downsample.conv", "downsample_backbone.0"},
          {"downsample.norm", "downsample_backbone.1"}};
}

}  // namespace sshost::model
