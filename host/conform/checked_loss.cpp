#include "conform/checked_loss.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>

#include <utility>

#include "base/status_error.h"
#include "conform/test.h"

namespace sshost::conform {

CheckedLoss::CheckedLoss(const plugin::Component& component, const config::ComponentConfig& config, int64_t classes)
    : CheckedLoss(std::move(checked_losses(component, config, classes).front())) {}

CheckedLoss::CheckedLoss(const plugin::Component& component, const config::ComponentConfig& config,
                         const model::Outputs& outputs)
    : outputs_(outputs), loss_(std::make_unique<const model::PluginLoss>(component, config.options.get(), outputs)) {}

at::Tensor CheckedLoss::value(state::ExecutionContext& context, const at::Tensor& logits, const at::Tensor& labels,
                              double divisor) const {
  const at::TensorOptions options = logits.options().requires_grad(false);
  return loss_->compute(context, {logits, outputs_.targets(labels)}, at::full({}, divisor, options));
}

std::vector<CheckedLoss> checked_losses(const plugin::Component& component, const config::ComponentConfig& config,
                                        int64_t classes) {
  std::vector<CheckedLoss> losses;
  std::string why;
  for (const model::Outputs& outputs : {model::Outputs(classes), model::Outputs::independent(classes)}) {
    try {
      losses.emplace_back(component, config, outputs);
    } catch (const StatusError& error) {
      if (error.status() != SS_UNSUPPORTED) throw;
      why += (why.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  if (losses.empty()) throw Broken("it knows neither exclusive nor independent outputs: " + why);
  return losses;
}

}  // namespace sshost::conform
