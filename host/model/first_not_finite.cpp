#include "model/first_not_finite.h"

#include <ATen/core/grad_mode.h>

#include <utility>

#include "plugin/at_work.h"
#include "state/finite.h"

namespace sshost::model {
namespace {

class FirstNotFinite final : public state::OutputWatch {
 public:
  void on_output(const std::string& what, const at::Tensor& output) override {
    if (!found_.empty() || !output.defined() || state::is_finite(output)) return;
    const char* component = plugin::AtWork::on_this_thread();
    found_ = component == nullptr ? what : what + " of " + component;
  }
  const std::string& found() const { return found_; }

 private:
  std::string found_;
};

class Watching {
 public:
  Watching(state::ExecutionContext& context, state::OutputWatch& watch)
      : context_(context), before_(std::exchange(context.watch, &watch)) {}
  ~Watching() { context_.watch = before_; }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  state::ExecutionContext& context_;
  state::OutputWatch* before_;
};

// "; "head.fuse.weight" has 3 of 12 values that are not finite"
std::string wrong_state(const state::StateStore& store) {
  for (const state::StateEntry& entry : store) {
    if (state::is_finite(entry.value)) continue;
    return "; \"" + entry.name + "\" itself has " + std::to_string(state::count_not_finite(entry.value)) + " of " +
           std::to_string(entry.value.numel()) + " values that are not finite";
  }
  return {};
}

template <typename Forward>
std::string found_in(state::ExecutionContext& context, Forward&& forward) {
  FirstNotFinite watch;
  {
    const Watching watching(context, watch);
    forward();
  }
  if (watch.found().empty()) return "nothing that was computed a second time";
  return watch.found() + wrong_state(*context.store);
}

}  // namespace

std::string first_not_finite(const Segmentor& segmentor, state::ExecutionContext& context, const at::Tensor& images,
                             const at::Tensor& previous) {
  if (!state::is_finite(images)) return "the image behind its transforms";
  if (previous.defined() && !state::is_finite(previous)) return "the logits of the pass before";
  return found_in(context, [&] { segmentor.logits(context, images, previous); });
}

std::string first_not_finite(const Segmentor& segmentor, state::ExecutionContext context, const at::Tensor& images,
                             const at::Tensor& labels, const StepOptions& options) {
  if (!state::is_finite(images)) return "the image behind its transforms";
  const at::NoGradGuard no_gradient;
  context.recomputing = true;
  context.ranks = &state::kAlone;
  return found_in(context, [&] { segmentor.training_losses(context, images, labels, options); });
}

}  // namespace sshost::model
