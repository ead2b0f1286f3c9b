#include "model/prediction.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <utility>

#include "bridge/boundary.h"
#include "bridge/handle.h"
#include "model/check.h"
#include "model/losses.h"

namespace sshost::model {
namespace {

void check_loss_value(const Prediction& prediction, const Instance& instance, const std::string& what) {
  const at::Tensor& value = prediction.loss_value;
  if (value.numel() != 1 || !value.is_floating_point()) {
    instance.broken("the loss_value of " + what, "a scalar of floating point", describe(value));
  }
}

void check_logits(const Prediction& prediction, const Instance& instance, const std::string& what, int64_t classes) {
  const at::Tensor& logits = prediction.logits;
  require_map(instance, "the logits of " + what, logits, logits.dim() > 0 ? logits.size(0) : 0, classes);
  if (!is_loss(prediction.loss)) {
    instance.broken("the loss of " + what, c10::str("one of ", c10::Join(", ", loss_names())), prediction.loss);
  }
  const at::Tensor& target = prediction.target;
  if (!target.defined()) return;
  const std::vector<int64_t> sizes = {logits.size(0), logits.size(2), logits.size(3)};
  if (target.scalar_type() != at::kLong || target.sizes() != at::IntArrayRef(sizes)) {
    instance.broken("the target of " + what, c10::str("int64 ", at::IntArrayRef(sizes)), describe(target));
  }
}

void check(const Prediction& prediction, const Instance& instance, int64_t classes) {
  if (prediction.name.empty()) instance.broken("the name of a prediction", "a name", "an empty one");
  const std::string what = "prediction \"" + prediction.name + "\"";
  if (prediction.logits.defined() == prediction.loss_value.defined()) {
    instance.broken(what, "either logits or a loss_value", prediction.logits.defined() ? "both" : "neither");
  }
  if (prediction.loss_value.defined()) {
    check_loss_value(prediction, instance, what);
  } else {
    check_logits(prediction, instance, what, classes);
  }
}

}  // namespace

ss_status PredictionSink::emit(void* self, const ss_prediction* prediction) {
  return bridge::guarded([&] {
    if (prediction == nullptr || !SS_HAS(ss_prediction, prediction, loss_value)) {
      throw Error("an ss_prediction is NULL or its `size` is too small");
    }
    static_cast<PredictionSink*>(self)->emitted_.push_back({.name = std::string(bridge::view(prediction->name)),
                                                            .logits = bridge::borrow(prediction->logits),
                                                            .target = bridge::borrow(prediction->target),
                                                            .loss = std::string(bridge::view(prediction->loss)),
                                                            .weight = prediction->loss_weight,
                                                            .loss_value = bridge::borrow(prediction->loss_value)});
  });
}

void PredictionSink::move_to(std::vector<Prediction>& predictions, const Instance& instance, int64_t classes) {
  for (Prediction& prediction : emitted_) {
    check(prediction, instance, classes);
    const bool known = std::any_of(predictions.begin(), predictions.end(),
                                   [&](const Prediction& other) { return other.name == prediction.name; });
    if (known) instance.broken("the name of a prediction", "one that is unique", "\"" + prediction.name + "\" twice");
    predictions.push_back(std::move(prediction));
  }
  emitted_.clear();
}

at::Tensor loss_of(const Prediction& prediction, const Instance& instance, const at::Tensor& labels,
                   const Outputs& outputs) {
  if (prediction.loss_value.defined()) return prediction.loss_value.reshape({}) * prediction.weight;
  const at::Tensor& target = prediction.target.defined() ? prediction.target : labels;
  if (target.size(0) != prediction.logits.size(0)) {
    instance.broken("the logits of prediction \"" + prediction.name + "\", which has no target of its own",
                    c10::str("a batch of ", target.size(0), " as the labels have"), describe(prediction.logits));
  }
  return compute_loss(prediction.loss, prediction.logits, target, outputs) * prediction.weight;
}

}  // namespace sshost::model
