#include "train/ema.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_lerp.h>

#include <algorithm>

namespace sshost::train {
namespace {

state::StateStore copy_of(const state::StateStore& store) {
  state::StateStore copy(store.dtype());
  for (const state::StateEntry& entry : store) {
    copy.add({entry.name, entry.value.detach().clone(), entry.trainable, entry.persistent});
  }
  copy.to(store.device(), store.dtype());
  return copy;
}

void copy_all(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from) {
  for (size_t i = 0; i < to.size(); ++i) to[i].copy_(from[i]);
}

}  // namespace

MovingAverage::MovingAverage(const state::StateStore& store, const config::EmaConfig& config)
    : config_(config), store_(copy_of(store)) {
  for (state::StateId id = 0; id < store.size(); ++id) {
    const bool trainable = store.entry(id).trainable;
    (trainable ? averages_ : buffers_).push_back(store_.value(id).detach());
    (trainable ? parameters_ : originals_).push_back(store.value(id).detach());
  }
}

void MovingAverage::update() {
  const at::NoGradGuard no_grad;
  const auto done = static_cast<double>(updates_);
  const double decay = config_.warmup ? std::min(config_.decay, (1 + done) / (10 + done)) : config_.decay;
  if (!averages_.empty()) at::_foreach_lerp_(averages_, parameters_, 1 - decay);
  copy_all(buffers_, originals_);
  ++updates_;
}

void MovingAverage::resume(int64_t updates) {
  const at::NoGradGuard no_grad;
  copy_all(averages_, parameters_);
  copy_all(buffers_, originals_);
  updates_ = updates;
}

void MovingAverage::copy_to_model() const {
  const at::NoGradGuard no_grad;
  copy_all(parameters_, averages_);
}

}  // namespace sshost::train
