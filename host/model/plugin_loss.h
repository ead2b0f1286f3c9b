#ifndef SSHOST_MODEL_PLUGIN_LOSS_H
#define SSHOST_MODEL_PLUGIN_LOSS_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/loss.h>

#include "model/callee.h"
#include "model/labelled_pixels.h"
#include "model/outputs.h"
#include "plugin/component.h"
#include "state/execution_context.h"

namespace sshost::model {

// A loss of a plugin. Checks what it gives. Threads: any, each with its own context.
class PluginLoss {
 public:
  // `options` have been checked against the component's schema and are not read after the constructor. Throws Error
  // with the plugin's message where `create` fails.
  PluginLoss(const plugin::Component& component, ss_options options, const Outputs& outputs);
  ~PluginLoss();
  PluginLoss(const PluginLoss&) = delete;
  PluginLoss& operator=(const PluginLoss&) = delete;

  bool is_sum_over_pixels() const { return is_sum_over_pixels_; }

  // A scalar with its gradient, divided by `divisor`, a scalar above 0.
  at::Tensor compute(state::ExecutionContext& context, const LabelledPixels& pixels, const at::Tensor& divisor) const;

 private:
  bool read_divisor() const;
  void require_scalar(const at::Tensor& value, const at::Tensor& logits) const;

  const ss_loss_table& table_;
  Callee callee_;
  void* self_ = nullptr;
  bool is_sum_over_pixels_ = false;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_PLUGIN_LOSS_H
