#ifndef SSHOST_MODEL_PREDICTION_H
#define SSHOST_MODEL_PREDICTION_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/prediction.h>

#include <string>
#include <vector>

#include "model/instance.h"
#include "model/outputs.h"

namespace sshost::model {

// What a component gives beside its main result: logits with a loss to compute, or a loss that is ready.
struct Prediction {
  std::string name;   // unique in the component
  at::Tensor logits;  // [N, classes, h, w], or undefined
  at::Tensor target;  // int64 [N, h, w], or undefined: the batch's labels
  std::string loss;   // a name of losses.h
  double weight = 1;
  at::Tensor loss_value;  // a scalar, where logits are undefined
};

// Collects the predictions of one call of a component.
class PredictionSink {
 public:
  PredictionSink() = default;
  PredictionSink(const PredictionSink&) = delete;
  PredictionSink& operator=(const PredictionSink&) = delete;

  const ss_prediction_sink* abi() const { return &abi_; }

  // Appends what was emitted to `predictions`, which holds the component's earlier ones. Throws Error that names the
  // component where one is not as prediction.h of the ABI says.
  void move_to(std::vector<Prediction>& predictions, const Instance& instance, int64_t classes);

 private:
  static ss_status emit(void* self, const ss_prediction* prediction);

  std::vector<Prediction> emitted_;
  ss_prediction_sink abi_ = {this, &PredictionSink::emit};
};

// The weighted loss, of a model with these outputs. labels int64 [N, H, W].
at::Tensor loss_of(const Prediction& prediction, const Instance& instance, const at::Tensor& labels,
                   const Outputs& outputs);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_PREDICTION_H
