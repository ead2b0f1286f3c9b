#ifndef SSHOST_MODEL_HEAD_H
#define SSHOST_MODEL_HEAD_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/head.h>

#include <string>
#include <vector>

#include "model/backbone.h"
#include "model/prediction.h"

namespace sshost::model {

struct HeadSpec {
  FeatureSpecs features;
  int64_t classes = 0;
  bool representation_only = false;  // the context of a memory: no classifier
};

// A head plugin: the main head, an auxiliary one, or the context of a memory. Checks what it returns.
// Threads: `embed` and `classify` on several at once, each with its own context.
class Head {
 public:
  // `role` is the key prefix, "head" or "auxiliary.N".
  Head(const config::ComponentConfig& config, const plugin::Component& component, std::string_view role,
       const HeadSpec& spec, state::Builder& builder);

  int64_t channels() const { return channels_; }

  // The inputs it wants besides the features: "image", "auxiliary.0.logits".
  const std::vector<std::string>& named_inputs() const { return named_inputs_; }

  // -> representation [N, channels, h, w]; further predictions are appended.
  at::Tensor embed(state::ExecutionContext& context, const std::vector<at::Tensor>& features,
                   const std::vector<at::Tensor>& named, std::vector<Prediction>& predictions) const;

  // -> logits [N, classes, h, w]. Not for a head that is representation only.
  at::Tensor classify(state::ExecutionContext& context, const at::Tensor& representation,
                      std::vector<Prediction>& predictions) const;

  const Instance& instance() const { return instance_; }

 private:
  int64_t read_channels() const;

  const ss_head_table* table_;
  int64_t classes_;
  Instance instance_;
  int64_t channels_;
  std::vector<std::string> named_inputs_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_HEAD_H
