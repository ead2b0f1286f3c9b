#ifndef SSHOST_MODEL_PREDICTION_H
#define SSHOST_MODEL_PREDICTION_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/prediction.h>

#include <string>
#include <vector>

#include "model/instance.h"

namespace sshost::model {

// What a component gives beside its main result: logits with a loss to compute, or a loss that is ready.
struct Prediction {
  std::string name;
  at::Tensor logits;  // [N, classes, h, w], or undefined
  at::Tensor target;  // int64 [N, h, w], or undefined: the batch's labels
  std::string loss;   // a name of losses.h; empty: "cross_entropy"
  double weight = 1;
  at::Tensor loss_value;  // a scalar, where logits are undefined
};

// Collects the predictions of one call of a component.
class PredictionSink {
 public:
  const ss_prediction_sink* abi() const { return &abi_; }

  // What was emitted, checked: names are unique, shapes as prediction.h of the ABI says, losses known. Throws Error that
  // names the component. The sink is empty afterwards.
  std::vector<Prediction> take(const Instance& instance, int64_t classes);

 private:
  static ss_status emit(void* self, const ss_prediction* prediction);

  std::vector<Prediction> predictions_;
  ss_prediction_sink abi_ = {this, &PredictionSink::emit};

 public:
  PredictionSink() = default;
  PredictionSink(const PredictionSink&) = delete;
  PredictionSink& operator=(const PredictionSink&) = delete;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_PREDICTION_H
