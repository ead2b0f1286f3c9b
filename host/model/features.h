#ifndef SSHOST_MODEL_FEATURES_H
#define SSHOST_MODEL_FEATURES_H

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline.h"
#include "layer/layer.h"
#include "model/backbone.h"
#include "model/names.h"

namespace sshost::model {

// Between backbone and heads (`model.features` of a pipeline): a choice of the backbone's maps, with repetition; a
// layer norm over the channels of each; one strided convolution-norm-ReLU that all of them share.
// A map that is chosen several times passes the shared convolution several times, and so counts as often in its running
// statistics, as published for HRNet.
// State: "norm.<i>.*" and "downsample.{conv,norm}.*" under the builder's prefix.
class FeatureStage {
 public:
  // Throws ValueError where an index is out of range, or the maps to be downsampled differ in their channels.
  FeatureStage(const config::FeaturesConfig& config, const FeatureSpecs& backbone, state::Builder& builder);

  const FeatureSpecs& features() const { return features_; }
  std::vector<at::Tensor> forward(state::ExecutionContext& context, const std::vector<at::Tensor>& maps) const;

  // How published checkpoints name its state; no rules for a format that it does not know.
  static std::vector<std::string> formats();
  static std::vector<NameRule> rules(std::string_view format);

 private:
  void add_norms(state::Builder& builder);
  void add_downsample(int64_t stride, state::Builder& builder);

  std::vector<std::size_t> indices_;
  FeatureSpecs features_;
  std::vector<std::unique_ptr<layer::Layer>> norms_;
  std::unique_ptr<layer::Layer> downsample_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_FEATURES_H
