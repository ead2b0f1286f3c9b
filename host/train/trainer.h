#ifndef SSHOST_TRAIN_TRAINER_H
#define SSHOST_TRAIN_TRAINER_H

#include <ATen/core/Generator.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "config/pipeline.h"
#include "data/label_census.h"
#include "data/loader.h"
#include "model/segmentor.h"
#include "optimize/schedule.h"
#include "run/run_folder.h"
#include "state/ranks.h"
#include "train/gradient_step.h"
#include "train/interval.h"
#include "train/interval_means.h"
#include "train/observer.h"
#include "train/scores.h"

namespace sshost::train {

// What a training works on; all of it outlives the trainer.
struct TrainerParts {
  const model::Segmentor& segmentor;
  state::StateStore& store;  // on its device already
  at::Generator generator;   // of dropout and of plugins, on the store's device; its state is part of a checkpoint
  data::Loader& loader;      // shuffled, drop_last
  const run::RunFolder& folder;
  checkpoint::CheckpointInfo info;  // what each checkpoint says of the run; its step is filled in
  const state::Ranks& ranks = state::kAlone;
  config::DistributedConfig distributed = {};
};

struct TrainingResult {
  bool interrupted = false;
  int64_t steps = 0;           // done, those before a resume included
  bool stopped_early = false;  // since the scores no longer improved
};

// The training loop: steps of `accumulate` batches (gradient_step.h). Saves every `save_every` steps (or epochs), at
// the end and where it is stopped, and keeps the newest `keep_checkpoints`.
//
// With a moving average (ema.h) it is the average that is evaluated and saved as the model; the weights themselves are
// part of the training state. A step that float16 leaves out counts nevertheless. With `keep_best` the best evaluated
// steps are saved and kept too, the best of them marked.
//
// Several ranks do each step together, with a part of the batch each: their loaders give the parts, and the step is
// that of the whole batch, to rounding. All stop after the same step. Rank 0 writes the folder.
//
// Looks at the labels of its first steps, and ends where no pixel of them is of a class: nothing can be learnt from
// such labels, and every loss is 0 (`on_nothing_to_learn: warn` goes on).
//
// Bit-exact: a run resumed from a checkpoint has the losses of an uninterrupted one, on the same machine with the same
// number of threads and of ranks.
class Trainer {
 public:
  Trainer(TrainerParts parts, const config::TrainConfig& config, uint64_t seed, TrainingObserver& observer);

  // Goes on where the checkpoint was saved: call it before `run`. `model_path` is the model's file; the training state
  // lies beside it. Throws Error where it is of another run. Gives a notice where the run does not go on bit-exactly,
  // else an empty text.
  std::string resume(const std::filesystem::path& model_path, const checkpoint::Loading& loading = {});

  // Trains up to the last step, or until `stop` is set: then the step under way is finished and a checkpoint saved.
  // Throws Error where a loss is not finite, naming the loss, the step and the samples, and where the labels hold
  // nothing to learn; nothing is saved then.
  // Where a moving average is kept, the store holds it afterwards; it cannot be trained on then.
  TrainingResult run(const std::atomic<bool>& stop);

  int64_t total_steps() const { return total_steps_; }
  int64_t steps_done() const { return step_; }

 private:
  data::Batch next_batch();
  std::vector<data::Batch> next_batches();
  StepRecord train_step(const std::vector<data::Batch>& batches);
  void check_finite(const std::vector<LossValue>& losses, const data::Batch& batch, double learning_rate) const;
  void after_step(const StepRecord& record);
  void look_at_labels(const std::vector<data::Batch>& batches);
  bool follows_scores() const { return config_.keep_best > 0 || config_.early_stopping.has_value(); }
  bool evaluation_is_due() const;
  bool has_stalled() const;
  bool misses_its_evaluation() const;
  void find_scores_in_folder();
  void evaluate();
  state::StateStore& scored_store();
  void align_buffers();
  void save();
  void save_training_state();
  at::Tensor generator_state();
  void require_finite_weights() const;
  std::string resume_generator(const checkpoint::TrainingState& state);
  void prune() const;

  TrainerParts parts_;
  config::TrainConfig config_;
  uint64_t seed_;
  TrainingObserver& observer_;
  int64_t total_steps_;
  Interval save_every_;
  Interval evaluate_every_;
  optimize::Schedule schedule_;
  GradientStep gradient_step_;
  IntervalMeans means_;
  data::LabelCensus census_;  // of the first steps of this run
  int64_t steps_in_census_ = 0;
  Scores scores_;     // of the evaluations so far
  Scores in_folder_;  // of these, those whose checkpoints this folder may keep: not what came before a change of folder
  int64_t step_ = 0;  // done
  int64_t epoch_ = 1;  // of the next batch
  int64_t batch_ = 0;  // of the epoch, the next one
  int64_t saved_step_ = -1;
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_TRAINER_H
