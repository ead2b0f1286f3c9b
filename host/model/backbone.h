#ifndef SSHOST_MODEL_BACKBONE_H
#define SSHOST_MODEL_BACKBONE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/backbone.h>

#include <vector>

#include "config/pipeline.h"
#include "model/instance.h"
#include "state/execution_context.h"

namespace sshost::model {

// What is known of feature maps before any is computed, from the first to the last.
using FeatureSpecs = std::vector<ss_feature_spec>;

// A backbone plugin. Checks what it returns: a mistake is an Error that names the plugin.
// Threads: `forward` on several at once, each with its own context.
class Backbone {
 public:
  // Of images of `in_channels` channels.
  Backbone(const config::ComponentConfig& config, const plugin::Component& component, state::Builder& builder,
           int64_t in_channels = 3);

  const FeatureSpecs& features() const { return features_; }

  // image [N, in_channels, H, W] -> one map [N, channels, ~H/stride, ~W/stride] for each of `features`.
  std::vector<at::Tensor> forward(state::ExecutionContext& context, const at::Tensor& image) const;

  const Instance& instance() const { return instance_; }

 private:
  void check_map(const at::Tensor& map, std::size_t index, const at::Tensor& image) const;

  const ss_backbone_table* table_;
  Instance instance_;
  FeatureSpecs features_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_BACKBONE_H
