#ifndef SSHOST_APP_RUN_JOB_H
#define SSHOST_APP_RUN_JOB_H

#include <c10/core/DeviceGuard.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/log.h"
#include "app/resume.h"
#include "app/tensorboard_log.h"
#include "data/dataset.h"
#include "data/loader.h"
#include "distributed/process_group.h"
#include "distributed/rank_environment.h"
#include "evaluate/evaluator.h"
#include "output/prediction_writer.h"
#include "report/report.h"
#include "run/model.h"
#include "run/run_folder.h"
#include "train/trainer.h"

namespace sshost::app {

// What a run has done.
struct RunResult {
  std::string state;  // "Finished", "Stopped after step 20 of 100"
  std::filesystem::path folder;
  int64_t step = 0;                                 // optimiser steps that the model has seen
  std::optional<std::filesystem::path> checkpoint;  // the newest
  std::optional<std::filesystem::path> report;
  std::optional<std::filesystem::path> predictions;  // the folder
  std::optional<nlohmann::json> scores;              // of the last evaluation: a line of metrics.jsonl
};

// {"state", "folder", "step", "checkpoint", "report", "scores", "predictions"}; null where there is none. `scores` come
// without the confusion matrix.
nlohmann::json to_json(const RunResult& result);

// One `sshost run`: builds what the pipeline says, trains, evaluates and predicts with it, and leaves the run's folder
// behind. Plugins that it used count as trusted from then on (run::remember_libraries).
class RunJob {
 public:
  // Throws UsageError where the device is not there. `log` gets the run's log.txt as its file.
  // `stop` is looked at between steps and images, from Watcher::on_begun on. `end_process`: see
  // distributed::LastResort.
  RunJob(Log& log, run::Session opened, const distributed::RankEnvironment& environment, const std::atomic<bool>& stop,
         std::function<void(const std::string&, bool)> end_process = {});

  // False where `stop` ended it early; what was done is saved then. The folder is made once data and model are built,
  // so that a mistake in them leaves none behind. Of several ranks the first one writes it; where one fails, all end
  // with an Error that names it.
  bool run();

  // What came of it; to be asked once `run` has returned.
  RunResult result() const;

 private:
  bool does(std::string_view step) const { return app::does(pipeline_, step); }
  void check() const;
  void join_ranks();
  void agree_on_work() const;
  bool work();
  void build();
  void require_something_to_learn() const;
  void say_labels(const data::Dataset& split, const std::string& what);
  void require_predictions() const;
  void open_folder();
  void start_from_checkpoint();
  void load_weights();
  void resume(train::Trainer& trainer);
  void say_changed_samples(const std::string& before);
  void say_changed_keys(const std::string& before);
  int64_t share_of_batch() const;
  bool train();
  train::TrainingResult run_steps(train::Trainer& trainer) const;
  // Scores a store that the segmentor runs on. Returns the mean IoU, or nullopt if `stop` was set.
  std::optional<double> evaluate(int64_t step, state::StateStore& store, bool is_last);
  bool predicts() const;
  bool predict();
  output::PredictionOptions prediction_options(const std::filesystem::path& folder) const;
  void record(const evaluate::Evaluation& evaluation, int64_t step);
  data::LoaderOptions training_options();  // of this rank, which reads its share
  checkpoint::CheckpointInfo checkpoint_info() const;
  const data::DatasetInfo& dataset_info() const;
  std::vector<data::Class> output_classes() const;  // of the model, which scores are of
  void write_report();
  void say_next_step();

  Log& log_;
  run::Session opened_;
  config::Pipeline& pipeline_ = opened_.pipeline;
  const distributed::RankEnvironment environment_;
  const std::atomic<bool>& stop_;
  const std::function<void(const std::string&, bool)> end_process_;
  std::unique_ptr<distributed::ProcessGroup> group_;  // nothing where this process is alone
  const state::Ranks* ranks_ = &state::kAlone;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  at::Device device_;
  c10::DeviceGuard guard_;  // what names no GPU, such as memory for transfers, does not end up on another one
  std::vector<const plugin::Component*> components_;
  std::unique_ptr<data::Dataset> train_data_;     // where the run trains
  std::unique_ptr<data::Dataset> evaluate_data_;  // where it evaluates
  std::unique_ptr<run::Model> model_;
  checkpoint::Loading loading_;  // of every file of weights
  std::optional<run::RunFolder> folder_;
  std::optional<TensorboardLog> tensorboard_;  // of rank 0, as soon as there is a folder
  int64_t total_steps_ = 0;                    // of the training
  int64_t step_ = 0;                           // optimiser steps that the model has seen
  int64_t skipped_ = 0;                        // times that a broken sample was passed over
  std::string state_ = "Finished";
  bool evaluated_ = false;  // at any step
  bool has_final_ = false;  // the evaluation of the model as it is in the end
  std::vector<report::Comparison> comparisons_;
  std::optional<nlohmann::json> scores_;  // of the last evaluation
  std::vector<report::ImageRow> images_;  // of the last evaluation, the worst first
};

}  // namespace sshost::app

#endif  // SSHOST_APP_RUN_JOB_H
