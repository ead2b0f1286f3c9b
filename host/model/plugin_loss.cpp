#include "model/plugin_loss.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include <string>

#include "bridge/boundary.h"
#include "model/check.h"
#include "plugin/kept_process.h"
#include "state/handles.h"

namespace sshost::model {

PluginLoss::PluginLoss(const plugin::Component& component, ss_options options, const Outputs& outputs)
    : table_(*component.table<ss_loss_table>()), callee_(to_string(component)) {
  const ss_loss_spec spec = {
      .size = sizeof spec, .independent = outputs.are_independent() ? 1 : 0, .classes = outputs.count()};
  const plugin::KeptProcess kept;
  callee_.call([&] { return table_.create(options, &spec, &self_); });
  try {
    is_sum_over_pixels_ = read_divisor();
  } catch (...) {
    table_.destroy(self_);
    throw;
  }
}

PluginLoss::~PluginLoss() {
  const plugin::AtWork at_work(callee_.who());
  table_.destroy(self_);
}

bool PluginLoss::read_divisor() const {
  ss_loss_info info = {.size = sizeof info, .divisor = -1};
  callee_.call([&] { return table_.info(self_, &info); });
  if (info.divisor == SS_DIVISOR_PIXELS || info.divisor == SS_DIVISOR_PARTS) return info.divisor == SS_DIVISOR_PIXELS;
  callee_.broken("info: the divisor", "an ss_divisor_kind that this host knows", std::to_string(info.divisor));
}

at::Tensor PluginLoss::compute(state::ExecutionContext& context, const LabelledPixels& pixels,
                               const at::Tensor& divisor) const {
  const plugin::AtWork at_work(callee_.who());  // also while its result is looked at, which may be no handle
  const state::LentHandles lent({pixels.logits, pixels.targets, divisor});
  const ss_loss_inputs inputs = {.size = sizeof inputs,
                                 .reserved = 0,
                                 .logits = lent[0],
                                 .labels = lent[1],
                                 .divisor = lent[2],
                                 .ignored = kIgnored};
  ss_tensor handle = nullptr;
  context.bind_to_this_thread();
  callee_.call([&] { return table_.compute(self_, &context, &inputs, &handle); });
  const at::Tensor value = callee_.take(handle);
  require_scalar(value, pixels.logits);
  require_unchanged(callee_, "the logits, the labels and the divisor", lent);
  if (context.watch != nullptr) context.watch->on_output("the value of " + callee_.who(), value);
  return value.reshape({});
}

void PluginLoss::require_scalar(const at::Tensor& value, const at::Tensor& logits) const {
  if (!value.defined() || value.numel() != 1 || value.scalar_type() != logits.scalar_type()) {
    callee_.broken("compute", c10::str("a scalar of ", c10::toString(logits.scalar_type())), describe(value));
  }
  if (logits.requires_grad() && at::GradMode::is_enabled() && !value.requires_grad()) {
    callee_.broken("compute", "a scalar with a gradient", "one that does not depend on the logits");
  }
}

}  // namespace sshost::model
