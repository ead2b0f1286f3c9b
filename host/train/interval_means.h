#ifndef SSHOST_TRAIN_INTERVAL_MEANS_H
#define SSHOST_TRAIN_INTERVAL_MEANS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "checkpoint/checkpoint.h"
#include "state/ranks.h"
#include "train/observer.h"

namespace sshost::train {

// What the steps since the last line of metrics.jsonl have in common: means of the losses and times, and how often each
// class was in the labels. Threads: one at a time.
class IntervalMeans {
 public:
  explicit IntervalMeans(int64_t classes, bool labels_are_sets = false) : are_sets_(labels_are_sets) {
    sums_.class_pixels.resize(static_cast<size_t>(classes));
  }

  // The labels of a batch of this rank, int64 of any shape on the CPU; undefined: there are none.
  void count(const at::Tensor& labels);
  void add(const StepRecord& step);

  // `last` with the means over the steps since the last call: its losses, seconds and loading_seconds, and `mean_of`
  // and the pixels of all ranks, which call together. A loss that some of the steps did not have was 0 in them, so that
  // the losses still add up.
  StepRecord take(StepRecord last, const state::Ranks& ranks);

  // For a checkpoint: rank 0 has the pixels of all ranks from then on, the others none. All ranks call together.
  const checkpoint::IntervalSums& gather(const state::Ranks& ranks);
  void resume(const checkpoint::IntervalSums& sums, const state::Ranks& ranks);

 private:
  bool are_sets_;  // a pixel of several classes counts for each of them
  checkpoint::IntervalSums sums_;
};

// A line of metrics.jsonl: {"kind": "train", and the members of StepRecord, "losses" as {name: value}, "steps" being
// what the means are over}.
nlohmann::json to_json(const StepRecord& record);

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_INTERVAL_MEANS_H
