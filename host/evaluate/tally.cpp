#include "evaluate/tally.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/stack.h>

#include "evaluate/boundary_counts.h"

namespace sshost::evaluate {
namespace {

class ExclusiveTally final : public Tally {
 public:
  ExclusiveTally(int64_t classes, const MetricOptions& options)
      : options_(options), confusion_(classes), boundary_(classes, options.boundary_ratio) {}

  ImageScore add(const infer::Decision& decision, const at::Tensor& label) override {
    ConfusionMatrix of_image(confusion_.classes());
    of_image.add(decision.classes, label);
    confusion_.add(of_image);
    if (options_.boundary_ratio > 0) boundary_.add(decision.classes.cpu(), label);
    return score_image(of_image.counts());
  }

  Result result(const state::Ranks& ranks) const override {
    const at::Tensor counts = confusion_.counts();
    const at::Tensor near_contours = boundary_.counts().clone();
    ranks.sum({counts, near_contours});
    const bool counts_boundary = options_.boundary_ratio > 0;
    const Metrics metrics = compute_metrics(counts, options_.beta, counts_boundary ? near_contours : at::Tensor());
    return {metrics, counts, metrics.pixels};
  }

 private:
  MetricOptions options_;
  ConfusionMatrix confusion_;
  BoundaryCounts boundary_;
};

class IndependentTally final : public Tally {
 public:
  IndependentTally(const model::Outputs& outputs, const MetricOptions& options)
      : options_(options), outputs_(outputs), counts_(outputs.count()) {
    for (int64_t i = 0; i < outputs.count(); ++i) boundaries_.emplace_back(2, options.boundary_ratio);
  }

  ImageScore add(const infer::Decision& decision, const at::Tensor& label) override {
    const at::Tensor targets = outputs_.targets(label.unsqueeze(0)).squeeze(0);
    OutputCounts of_image(outputs_.count());
    of_image.add(decision.masks, targets);
    counts_.add(of_image);
    if (options_.boundary_ratio > 0) add_boundaries(decision.masks.cpu(), targets);
    return score_outputs(of_image.counts());
  }

  Result result(const state::Ranks& ranks) const override {
    const at::Tensor counts = counts_.counts();
    std::vector<at::Tensor> contours;  // of what is of a class; class 0 is what is not
    for (const BoundaryCounts& boundary : boundaries_) contours.push_back(boundary.counts().select(1, 1));
    const at::Tensor near_contours = at::stack(contours, 1);
    ranks.sum({counts, near_contours});
    const bool counts_boundary = options_.boundary_ratio > 0;
    return {compute_output_metrics(counts, options_.beta, counts_boundary ? near_contours : at::Tensor()),
            {},
            counts[3].max().item<int64_t>()};
  }

 private:
  void add_boundaries(const at::Tensor& masks, const at::Tensor& targets) {
    for (int64_t i = 0; i < outputs_.count(); ++i) boundaries_[static_cast<size_t>(i)].add(masks[i], targets[i]);
  }

  MetricOptions options_;
  model::Outputs outputs_;
  OutputCounts counts_;
  std::vector<BoundaryCounts> boundaries_;  // for each output
};

}  // namespace

std::unique_ptr<Tally> make_tally(const model::Outputs& outputs, int64_t classes, const MetricOptions& options) {
  if (outputs.are_independent()) return std::make_unique<IndependentTally>(outputs, options);
  return std::make_unique<ExclusiveTally>(classes, options);
}

}  // namespace sshost::evaluate
