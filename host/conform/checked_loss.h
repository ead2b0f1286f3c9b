#ifndef SSHOST_CONFORM_CHECKED_LOSS_H
#define SSHOST_CONFORM_CHECKED_LOSS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "config/pipeline.h"
#include "model/outputs.h"
#include "model/plugin_loss.h"
#include "plugin/component.h"
#include "state/execution_context.h"

namespace sshost::conform {

// A loss of a plugin, of outputs that it knows: exclusive ones, or else independent ones.
class CheckedLoss {
 public:
  CheckedLoss(const plugin::Component& component, const config::ComponentConfig& config, int64_t classes);
  CheckedLoss(const plugin::Component& component, const config::ComponentConfig& config, const model::Outputs& outputs);

  // Of logits [N, classes, H, W] and labels int64 [N, H, W].
  at::Tensor value(state::ExecutionContext& context, const at::Tensor& logits, const at::Tensor& labels,
                   double divisor = 1) const;

  const model::PluginLoss& loss() const { return *loss_; }
  const model::Outputs& outputs() const { return outputs_; }

 private:
  model::Outputs outputs_;
  std::unique_ptr<const model::PluginLoss> loss_;
};

// One for each kind of outputs that it knows; at least one.
std::vector<CheckedLoss> checked_losses(const plugin::Component& component, const config::ComponentConfig& config,
                                        int64_t classes);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_CHECKED_LOSS_H
