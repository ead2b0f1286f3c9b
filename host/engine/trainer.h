#ifndef SSHOST_ENGINE_TRAINER_H
#define SSHOST_ENGINE_TRAINER_H

#include <ATen/core/Generator.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "checkpoint/checkpoint.h"
#include "config/pipeline.h"
#include "data/loader.h"
#include "engine/observer.h"
#include "engine/optimizer.h"
#include "engine/run_folder.h"
#include "engine/schedule.h"
#include "model/segmentor.h"

namespace sshost::engine {

// What a training works on; all of it outlives the trainer.
struct TrainerParts {
  const model::Segmentor& segmentor;
  model::StateStore& store;  // on its device already
  at::Generator generator;   // of dropout and of plugins, on the store's device; its state is part of a checkpoint
  data::Loader& loader;      // shuffled, drop_last
  const RunFolder& folder;
  checkpoint::CheckpointInfo info;  // what each checkpoint says of the run; its step is filled in
};

struct TrainingResult {
  bool interrupted = false;
  int64_t steps = 0;  // done, those before a resume included
};

// The training loop. One step: batch -> forward, memory update, losses -> backward -> optimiser. Saves every
// `save_every` steps (or epochs), at the end and where it is stopped, and keeps the newest `keep_checkpoints`.
// Bit-exact: a run resumed from a checkpoint has the losses of an uninterrupted one, on the same machine with the same
// number of threads.
class Trainer {
 public:
  Trainer(TrainerParts parts, const config::TrainConfig& config, uint64_t seed, TrainingObserver& observer);

  // Goes on where the checkpoint was saved: call it before `run`. `model_path` is the model's file; the training state
  // lies beside it. Throws Error where it is of another run.
  void resume(const std::filesystem::path& model_path);

  // Trains up to the last step, or until `stop` is set: then the step under way is finished and a checkpoint saved.
  // Throws Error where a loss is not finite, naming the loss, the step and the samples; nothing is saved then.
  TrainingResult run(const std::atomic<bool>& stop);

  int64_t total_steps() const { return total_steps_; }

 private:
  data::Batch next_batch();
  StepRecord train_step(const data::Batch& batch);
  std::vector<LossValue> read_losses(const std::vector<model::LossTerm>& terms, const data::Batch& batch) const;
  void after_step(const StepRecord& record);
  void save();

  TrainerParts parts_;
  config::TrainConfig config_;
  uint64_t seed_;
  TrainingObserver& observer_;
  int64_t total_steps_;
  int64_t save_every_;      // steps; 0: only at the end
  int64_t evaluate_every_;  // steps; 0: never
  Schedule schedule_;
  std::unique_ptr<Optimizer> optimizer_;
  model::ExecutionContext context_;
  int64_t step_ = 0;   // done
  int64_t epoch_ = 1;  // of the next batch
  int64_t batch_ = 0;  // of the epoch, the next one
  int64_t saved_step_ = -1;
};

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_TRAINER_H
