// A small pipeline on generated images with plugins of this tree, for tests of what trains and evaluates.
#ifndef SSHOST_TESTS_ENGINE_WORKPLACE_H
#define SSHOST_TESTS_ENGINE_WORKPLACE_H

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/loader.h"
#include "run/model.h"
#include "run/run_folder.h"
#include "temp_folder.h"
#include "train/observer.h"
#include "train/trainer.h"

namespace sshost::train {

// 20 images of 32 x 32 and 4 classes; dropout, batch norm, a memory and an auxiliary head; 12 steps of 5 an epoch.
run::Session open_small_session(const std::vector<std::string>& overrides = {});

// One process' worth of a training: dataset, model, loader and trainer, made anew from the session.
class Workplace {
 public:
  // The session outlives it, or is kept.
  Workplace(const run::Session& session, const run::RunFolder& folder, TrainingObserver& observer, int64_t workers = 0);
  Workplace(run::Session&& session, const run::RunFolder& folder, TrainingObserver& observer, int64_t workers = 0);

  run::Model& model() { return *model_; }
  const data::Dataset& dataset() const { return *dataset_; }
  Trainer& trainer() { return *trainer_; }

 private:
  void open(const run::Session& session, const run::RunFolder& folder, TrainingObserver& observer, int64_t workers);

  std::unique_ptr<const run::Session> kept_;
  std::unique_ptr<data::Dataset> dataset_;
  std::unique_ptr<run::Model> model_;
  std::optional<data::Loader> loader_;
  std::optional<Trainer> trainer_;
};

// Keeps all records; sets `stop` once step `stop_at` is done.
class Recorder : public TrainingObserver {
 public:
  explicit Recorder(int64_t stop_at = -1) : stop_at_(stop_at) {}

  void on_step(const StepRecord& record) override;
  void on_log(const StepRecord& record) override { logged.push_back(record.step); }
  void on_checkpoint(const std::filesystem::path& path) override { saved.push_back(path.filename().string()); }
  std::optional<double> on_evaluate(int64_t step, state::StateStore& store) override;

  std::vector<StepRecord> steps;
  std::vector<int64_t> logged;
  std::vector<std::string> saved;
  std::vector<int64_t> evaluated;
  std::map<int64_t, double> scores = {};                   // what an evaluation at a step gives; 0 at others
  std::map<std::string, at::Tensor> evaluated_state = {};  // a copy of what was evaluated last
  std::atomic<bool> stop = false;

 private:
  int64_t stop_at_;
};

}  // namespace sshost::train

#endif  // SSHOST_TESTS_ENGINE_WORKPLACE_H
