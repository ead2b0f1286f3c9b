#include "serve/served_model.h"

#include <ATen/core/Tensor.h>

#include <utility>

#include "base/error.h"
#include "data/batch.h"
#include "data/random.h"
#include "data/transform_list.h"

namespace sshost::serve {
namespace {

app::OpenedModel exclusive(const std::string& name, app::OpenedModel opened) {
  if (!opened.session.pipeline.model.independent) return opened;
  throw UsageError(name + ": model.outputs: expected exclusive, found independent, which sshost predict knows");
}

// Each has its own word on what was not used yet.
class Answers {
 public:
  explicit Answers(const std::vector<Job>& jobs) : jobs_(jobs), is_answered_(jobs.size()) {}

  void use(size_t index, const infer::Scores& scores) {
    is_answered_[index] = true;
    try {
      jobs_[index].use(scores);
    } catch (...) {
      jobs_[index].fail(std::current_exception());
    }
  }
  void fail_others(const std::exception_ptr& why) {
    for (size_t i = 0; i < jobs_.size(); ++i) {
      if (!is_answered_[i]) jobs_[i].fail(why);
    }
  }

 private:
  const std::vector<Job>& jobs_;
  std::vector<bool> is_answered_;
};

}  // namespace

ServedModel::ServedModel(std::string name, app::OpenedModel opened)
    : name_(std::move(name)),
      opened_(exclusive(name_, std::move(opened))),
      transforms_(
          data::make_evaluation_transforms(opened_.session.pipeline, opened_.dataset, *opened_.session.registry)),
      inference_(*opened_.model->segmentor, opened_.model->store, opened_.dataset.classes,
                 opened_.session.pipeline.evaluate) {}

at::Tensor ServedModel::input_of(const std::vector<Job>& jobs) const {
  std::vector<data::Sample> samples;
  for (const Job& job : jobs) {
    data::Sample sample{job.image, {}, {}};
    data::Random random(0);  // what evaluates draws nothing
    data::apply(transforms_, sample, random);
    samples.push_back(std::move(sample));
  }
  return data::make_batch(samples).images;
}

void ServedModel::predict(const std::vector<Job>& jobs) {
  Answers answers(jobs);
  std::vector<infer::ImageSize> sizes;
  sizes.reserve(jobs.size());
  for (const Job& job : jobs) sizes.push_back({job.image.rows, job.image.cols});
  try {
    inference_.run(input_of(jobs), sizes,
                   [&](int64_t n, const infer::Scores& scores) { answers.use(static_cast<size_t>(n), scores); });
  } catch (...) {
    answers.fail_others(std::current_exception());
  }
}

}  // namespace sshost::serve
