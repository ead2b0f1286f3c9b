#ifndef SSHOST_SERVE_SERVED_MODEL_H
#define SSHOST_SERVE_SERVED_MODEL_H

#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "app/opened_model.h"
#include "data/transform.h"
#include "infer/inference.h"
#include "serve/job_queue.h"

namespace sshost::serve {

// A model that is served under a name. What it is may be read on any thread; `predict` is for one at a time.
class ServedModel {
 public:
  // Throws UsageError where the model's outputs are independent, which sshost predict knows.
  ServedModel(std::string name, app::OpenedModel opened);
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  const std::string& name() const { return name_; }
  const std::vector<data::Class>& classes() const { return opened_.dataset.classes; }
  const config::Pipeline& pipeline() const { return opened_.session.pipeline; }
  int64_t channels() const { return pipeline().data.channels; }
  int64_t step() const { return opened_.step; }
  bool averages_probabilities() const { return pipeline().evaluate.average_probabilities; }

  // Jobs of this model with images of one size, through the model together where the pipeline sees each once.
  void predict(const std::vector<Job>& jobs);

 private:
  at::Tensor input_of(const std::vector<Job>& jobs) const;

  std::string name_;
  app::OpenedModel opened_;
  data::TransformList transforms_;
  infer::Inference inference_;
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_SERVED_MODEL_H
