// A whole model on ResNet-18, with heads of a few channels.
#ifndef SSHOST_TESTS_MEMORY_SMALL_MODEL_H
#define SSHOST_TESTS_MEMORY_SMALL_MODEL_H

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>

#include "model/segmentor.h"
#include "run/model.h"

namespace sshost::test {

inline constexpr int64_t kModelClasses = 5;

class SmallModel {
 public:
  // `rest`: further entries of the pipeline's `model`, as "head: {type: fcn}".
  explicit SmallModel(const std::string& rest);

  // Of images [N, 3, H, W].
  at::Tensor logits(const at::Tensor& images) const;

  // One step on two random images up to its gradients. The sum of the losses.
  double train_one_step() const;

  const state::StateStore& store() const { return model_->store; }
  std::map<std::string, std::string> names(const std::string& format) const { return model_->segmentor->names(format); }

 private:
  state::ExecutionContext context() const;

  run::Session session_;
  std::unique_ptr<run::Model> model_;
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_MEMORY_SMALL_MODEL_H
