#include "app/run_job.h"

#include <utility>

#include "app/device.h"
#include "app/opened_pipeline.h"
#include "app/prediction_inputs.h"
#include "app/run_report.h"
#include "app/score_lines.h"
#include "app/settings.h"
#include "app/split_pass.h"
#include "app/train_observer.h"
#include "base/error.h"
#include "base/seconds_since.h"
#include "base/shell_word.h"
#include "bridge/boundary.h"
#include "checkpoint/checkpoint.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "data/inspection.h"
#include "data/label_census.h"
#include "data/transform_list.h"
#include "distributed/identity.h"
#include "distributed/shared_checkpoint.h"
#include "file/atomic_file.h"
#include "file/real_path.h"
#include "report/image_scores.h"
#include "run/initial_weights.h"
#include "run/sample_sizes.h"
#include "run/split_check.h"
#include "run/transform_check.h"
#include "run/transform_doubts.h"
#include "state/generator.h"
#include "train/precision.h"

namespace sshost::app {
namespace {

// Streams of random numbers that have nothing to do with each other are drawn from different seeds.
constexpr uint64_t kTrainingStream = 0x9e3779b97f4a7c15;

}  // namespace

RunJob::RunJob(Log& log, run::Session opened, const distributed::RankEnvironment& environment,
               const std::atomic<bool>& stop, std::function<void(const std::string&, bool)> end_process)
    : log_(log),
      opened_(std::move(opened)),
      environment_(environment),
      stop_(stop),
      end_process_(std::move(end_process)),
      device_(app::device_of(pipeline_, environment)),
      guard_(device_),
      components_(run::used_components(opened_)) {}

bool RunJob::run() try {
  remember_libraries(opened_, log_);
  config::with_places(pipeline_, [this] { check(); });
  join_ranks();
  try {
    return work();
  } catch (const std::exception& error) {
    if (group_) group_->fail(error);
    throw;
  }
} catch (const std::exception& error) {
  log_.failure(error.what());
  throw;
}

// Told by each of several processes, before they meet, and before anything is made.
void RunJob::check() const {
  run::require_separate_splits(opened_);
  if (!does("train")) return;
  share_of_batch();
  train::autocast_of(pipeline_.train.precision, device_);
}

void RunJob::join_ranks() {
  if (environment_.count == 1) return;
  group_ = std::make_unique<distributed::ProcessGroup>(environment_, pipeline_.distributed, device_,
                                                       distributed::LastResort{&stop_, end_process_});
  ranks_ = group_.get();
  if (!group_->warning().empty()) log_.warning(group_->warning());
  const distributed::CudaTransport& transport = group_->cuda_transport();
  log_.info(std::to_string(environment_.count) + " processes work together" +
            (transport.is_nccl ? ", their GPUs through NCCL" : ""));
  if (!device_.is_cuda() || transport.is_nccl || !ranks_->is_first()) return;
  log_.warning("the GPUs work together by Gloo, which is slower than NCCL: " + transport.why_not_nccl);
}

// Before anything depends on it.
void RunJob::agree_on_work() const {
  if (ranks_->alone()) return;
  std::vector<const data::Dataset*> splits;
  for (const auto* split : {&train_data_, &evaluate_data_}) {
    if (*split) splits.push_back(split->get());
  }
  distributed::require_same_identity(distributed::identity_of({pipeline_, components_, splits}), *ranks_);
}

bool RunJob::work() {
  config::with_places(pipeline_, [this] { build(); });
  open_folder();
  if (ranks_->is_first()) {
    for (const std::string& doubt : run::transform_doubts(pipeline_)) log_.warning(doubt);
  }
  if (ranks_->is_first() && train_data_) say_labels(*train_data_, "train on");
  if (ranks_->is_first() && evaluate_data_ && (does("train") || does("evaluate")))
    say_labels(*evaluate_data_, "evaluate on");
  log_.watcher().on_begun();
  const bool finished = (!does("train") || train()) &&
                        (!does("evaluate") || has_final_ || evaluate(step_, model_->store, true)) &&
                        (!predicts() || predict());
  if (skipped_ > 0) log_.warning("broken samples that were skipped: " + std::to_string(skipped_));
  write_report();
  return finished;
}

void RunJob::build() {
  if (does("train")) train_data_ = run::open_dataset(opened_, pipeline_.data.train.split);
  const bool evaluates_between = pipeline_.train.evaluate_every > 0 || pipeline_.train.evaluate_every_epochs;
  if (does("evaluate") || does("predict") || (does("train") && evaluates_between)) {
    evaluate_data_ = run::open_dataset(opened_, pipeline_.data.evaluate.split);
  }
  agree_on_work();
  run::check_transforms(opened_, dataset_info());
  if (evaluate_data_) run::require_one_evaluated_size(opened_, *evaluate_data_);
  if (train_data_) {
    run::require_a_batch(opened_, *train_data_);
    run::require_one_size(opened_, *train_data_, share_of_batch());
    require_something_to_learn();
  }
  if (train_data_ && evaluate_data_) run::require_one_class_list(*train_data_, *evaluate_data_);
  const bool writes = does("predict") || (does("evaluate") && pipeline_.evaluate.save_predictions);
  model_ = run::build_model(opened_, dataset_info());
  if (writes) require_predictions();
  loading_ = run::loading_of(opened_, dataset_info().classes);
  if (ranks_->is_first()) start_from_checkpoint();
  model_->store.to(device_, model_->store.dtype());
  std::vector<at::Tensor> values;
  for (const state::StateEntry& entry : model_->store) values.push_back(entry.value);
  ranks_->broadcast(values);
}

// Complains now, not behind the training.
void RunJob::require_predictions() const {
  const output::PredictionOptions options = prediction_options({});
  const output::PredictionWriter refuses(options);
  if (ranks_->is_first()) require_own_files(options, *evaluate_data_);
}

void RunJob::require_something_to_learn() const {
  if (dataset_info().classes.size() > 1 || dataset_info().labels_are_sets ||
      pipeline_.train.on_nothing_to_learn == "warn")
    return;
  throw Error("nothing to learn: the data set has one class alone, " + dataset_info().classes.front().name +
              ", which is always right. What is not of it needs a class too, such as background; "
              "train.on_nothing_to_learn: warn trains on all the same");
}

// Before any work, of a few labels as they are stored.
void RunJob::say_labels(const data::Dataset& split, const std::string& what) {
  constexpr int64_t kMost = 8;
  const data::Inspection seen = data::inspect(split, {.limit = kMost}, [](int64_t, int64_t) {});
  if (!seen.broken.empty()) log_.warning("images to " + what + ": cannot be read: " + seen.broken.front());
  if (seen.palettes.are_crosswise()) {
    log_.warning("images to " + what +
                 ": the palettes of the labels differ from file to file, so that their numbers are no classes; `sshost "
                 "data doctor` says more: " +
                 seen.palettes.differences().front());
  }
  const data::LabelCensus labels(seen, split.info());
  if (labels.images() == 0) return;
  log_.info("labels of " + std::to_string(labels.images()) + " images to " + what + ": " +
            describe(labels, split.info().classes));
  const std::string warning = warning_of(labels, split.info().classes);
  if (!warning.empty()) log_.warning("images to " + what + ": " + warning);
}

void RunJob::open_folder() {
  if (!ranks_->is_first()) {
    folder_ = run::RunFolder::written_elsewhere(ranks_->broadcast(""));
    return;
  }
  folder_ = choose_folder(opened_);
  pipeline_.output = folder_->path().string();
  pipeline_.resolved.set("output", config::make_string(pipeline_.output));
  if (!resumes(pipeline_)) folder_->write_pipeline(config::to_yaml(pipeline_.resolved));
  log_.open_file(folder_->log());
  tensorboard_.emplace(*folder_);
  log_.info("run folder: " + pipeline_.output);
  if (!opened_.fitted.empty()) log_.info(opened_.fitted);
  if (!folder_->is_locked()) {
    log_.warning("the file system of " + pipeline_.output +
                 " keeps no locks: nothing stops a second run from writing into the folder");
  }
  ranks_->broadcast(pipeline_.output);
}

void RunJob::start_from_checkpoint() {
  if (pipeline_.checkpoint) {
    const std::filesystem::path given = *pipeline_.checkpoint;
    pipeline_.checkpoint = resumes(pipeline_) ? run::checkpoint_to_go_on_from(given) : run::checkpoint_file(given);
    pipeline_.resolved.set("checkpoint", config::make_string(*pipeline_.checkpoint));
  }
  if (resumes(pipeline_)) return;  // the trainer reads more than the weights
  if (pipeline_.checkpoint) {
    checkpoint::load_model(*pipeline_.checkpoint, model_->store, loading_);
    if (does("train")) model_->store.quantise(nullptr);  // it goes on from them in float32
    const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(*pipeline_.checkpoint);
    if (!does("train")) step_ = info.step;
    say_changed_libraries(opened_, info, log_);
    log_.info("weights from " + *pipeline_.checkpoint);
    return;
  }
  load_weights();
  if (!does("train")) log_.warning("no checkpoint is given: what is evaluated has not been trained by sshost");
}

// Those of the components.
void RunJob::load_weights() {
  for (const auto& [component, path, report] :
       run::load_initial_weights(model_->store, *model_->segmentor, pipeline_.model, loading_)) {
    log_.info(component + ": " + report.summary() + " (" + path + ")");
  }
}

// What an uninterrupted run would have done otherwise.
void RunJob::say_changed_keys(const std::string& before) {
  const std::string changes = changed_keys(before, pipeline_);
  if (changes.empty()) return;
  log_.warning("the pipeline is not that of the run so far; it goes on with other values than an uninterrupted run " +
               std::string("would have had: ") + changes);
}

void RunJob::resume(train::Trainer& trainer) {
  const std::filesystem::path path = ranks_->is_first() ? checkpoint_to_resume(pipeline_, *folder_) : "";
  if (ranks_->is_first()) say_changed_libraries(opened_, checkpoint::read_checkpoint_info(path), log_);
  if (ranks_->is_first()) say_changed_samples(checkpoint::read_checkpoint_info(path).samples);
  if (ranks_->is_first()) say_changed_keys(checkpoint::read_checkpoint_info(path).pipeline);
  const std::string notice = trainer.resume(distributed::SharedCheckpoint(path, *ranks_).model_path(), loading_);
  // Not before: what a refused resume was told to do is not what the folder holds.
  if (ranks_->is_first()) {
    forget_resume(pipeline_, *folder_, path);
    folder_->write_pipeline(config::to_yaml(pipeline_.resolved));
  }
  log_.info("going on from " + path.string());
  if (ranks_->is_first() && pipeline_.checkpoint && file::real_path(*pipeline_.checkpoint) != path) {
    log_.info(*pipeline_.checkpoint + " is not of this run, which goes on with its own newest checkpoint");
  }
  if (!notice.empty() && ranks_->is_first()) log_.warning(notice);
}

// The order of the samples, and where an epoch ends, follow from how many there are.
void RunJob::say_changed_samples(const std::string& before) {
  const std::string now = distributed::samples_of(*train_data_);
  if (before.empty() || before == now) return;
  const auto count = [](const std::string& samples) { return samples.substr(0, samples.find(' ')); };
  log_.warning("the images to train on are not those of the run so far: it had " + count(before) + ", now there are " +
               count(now) + (count(before) == count(now) ? ", some under other names" : "") +
               "; it goes on with these, in another order than if they had been there from the beginning");
}

int64_t RunJob::share_of_batch() const {
  const int64_t size = pipeline_.train.batch_size;
  if (size % environment_.count == 0) return size / environment_.count;
  throw config::ValueError("train.batch_size", "expected a multiple of " + std::to_string(environment_.count) +
                                                   ", the number of processes, which share each batch evenly; found " +
                                                   std::to_string(size));
}

bool RunJob::train() {
  data::Loader loader(*train_data_, data::make_training_transforms(pipeline_, train_data_->info(), *opened_.registry),
                      training_options());
  TrainObserver observer(log_, tensorboard_ ? &*tensorboard_ : nullptr, dataset_info().classes,
                         [this](int64_t step, state::StateStore& store) {
                           return evaluate(step, store, does("evaluate") && step == total_steps_);
                         });
  const uint64_t stream = (pipeline_.seed ^ kTrainingStream) + static_cast<uint64_t>(ranks_->rank());
  const train::TrainerParts parts{*model_->segmentor,
                                  model_->store,
                                  state::make_generator(device_, stream),
                                  loader,
                                  *folder_,
                                  checkpoint_info(),
                                  *ranks_,
                                  pipeline_.distributed};
  train::Trainer trainer(parts, pipeline_.train, pipeline_.seed, observer);
  if (resumes(pipeline_)) resume(trainer);
  total_steps_ = trainer.total_steps();
  log_.info("training: " + std::to_string(total_steps_) + " steps of " +
            std::to_string(pipeline_.train.batch_size * pipeline_.train.accumulate) + " out of " +
            std::to_string(train_data_->size()) + " images");
  if (tensorboard_) tensorboard_->begin(trainer.steps_done() + 1);
  const train::TrainingResult result = run_steps(trainer);
  observer.done();
  step_ = result.steps;
  const std::string where = " after step " + std::to_string(step_) + " of " + std::to_string(total_steps_);
  if (result.stopped_early) {
    state_ = "Ended early" + where;
    log_.info(state_ + ": the mean IoU no longer improved");
  }
  if (!result.interrupted) return true;
  state_ = "Stopped" + where;
  log_.info(state_ + "; saved " + folder_->checkpoint(step_).string() +
            "; go on with --set train.resume=true --output " + shell_word(pipeline_.output));
  return false;
}

// Memory that is not there, or what LibTorch says, does not tell by itself where it happened.
train::TrainingResult RunJob::run_steps(train::Trainer& trainer) const {
  try {
    return trainer.run(stop_);
  } catch (const Error&) {
    throw;
  } catch (...) {
    const ss_status status = bridge::fail_with_current_exception();
    throw StatusError(
        status, "training, step " + std::to_string(trainer.steps_done() + 1) + ": " + std::string(bridge::message()));
  }
}

std::optional<double> RunJob::evaluate(int64_t step, state::StateStore& store, bool is_last) {
  SplitPass pass{pipeline_, *opened_.registry, *evaluate_data_, *model_->segmentor, store, {}, {}, *ranks_};
  std::optional<output::PredictionWriter> writer;
  if (is_last && pipeline_.evaluate.save_predictions && ranks_->alone()) {
    pass.output.writer = &writer.emplace(prediction_options(folder_->predictions()));
    pass.output.skips_unwritable = pipeline_.data.skips_broken_samples();
  }
  if (is_last && ranks_->is_first()) pass.output.report_images = pipeline_.evaluate.report_images;
  SplitOutcome outcome = evaluate_split(pass, log_, stop_);
  skipped_ += outcome.skipped;
  if (!outcome.finished) {
    if (is_last) state_ = "Stopped while evaluating";
    return std::nullopt;
  }
  if (writer) writer->finish();
  evaluated_ = true;
  has_final_ = is_last;
  comparisons_ = std::move(outcome.comparisons);
  if (ranks_->is_first()) record(*outcome.evaluation, step);
  say_scores(*outcome.evaluation, pipeline_, output_classes(), is_last, log_);
  return outcome.evaluation->metrics.mean("iou");
}

void RunJob::record(const evaluate::Evaluation& evaluation, int64_t step) {
  scores_ = evaluate::to_json(evaluation, output_classes(), step);
  folder_->append_metrics(*scores_);
  tensorboard_->add(evaluation, output_classes(), step);
  tensorboard_->add(comparisons_, dataset_info().classes, step);
  images_.clear();
  for (const auto& [index, score] : evaluation.scored) {
    images_.push_back({evaluate_data_->describe(index).id, score.mean_iou, score.pixel_accuracy});
  }
  file::write_file(folder_->image_scores(), report::image_scores_csv(images_));
}

// What several processes evaluate together, one of them predicts behind it: some formats are one file for all images.
bool RunJob::predicts() const {
  return does("predict") || (does("evaluate") && pipeline_.evaluate.save_predictions && !ranks_->alone());
}

bool RunJob::predict() {
  if (!ranks_->is_first()) return true;
  output::PredictionWriter writer(prediction_options(folder_->predictions()));
  const int64_t report_images = does("evaluate") ? 0 : pipeline_.evaluate.report_images;
  SplitOutcome outcome = predict_split({pipeline_,
                                        *opened_.registry,
                                        *evaluate_data_,
                                        *model_->segmentor,
                                        model_->store,
                                        {report_images, &writer, pipeline_.data.skips_broken_samples()}},
                                       log_, stop_);
  skipped_ += outcome.skipped;
  if (!does("evaluate")) comparisons_ = std::move(outcome.comparisons);
  if (!outcome.finished) {
    state_ = "Stopped while predicting";
    return false;
  }
  writer.finish();
  log_.info("predictions: " + folder_->predictions().string());
  return true;
}

output::PredictionOptions RunJob::prediction_options(const std::filesystem::path& folder) const {
  return app::prediction_options(opened_, folder, model_->segmentor->outputs(), evaluate_data_->info().classes);
}

data::LoaderOptions RunJob::training_options() {
  data::LoaderOptions options = loader_options(pipeline_, share_of_batch(), data::OnBroken::kReplace, log_, skipped_);
  options.rank = ranks_->rank();
  options.ranks = ranks_->count();
  options.shuffle = options.drop_last = true;
  return options;
}

checkpoint::CheckpointInfo RunJob::checkpoint_info() const {
  ss_options_object pipeline = pipeline_.resolved;  // of whoever starts from it, however this run itself began
  pipeline.set("checkpoint", {});
  pipeline.at("train").set("resume", config::make_bool(false));
  pipeline.at("weights").set("classes", config::make_string("same"));
  pipeline.at("weights").set("values", config::make_string("sound"));
  return {config::to_yaml(pipeline),    train_data_->info(),
          plugin_versions(components_), 0,
          run::library_hashes(opened_), distributed::samples_of(*train_data_)};
}

const data::DatasetInfo& RunJob::dataset_info() const { return (train_data_ ? train_data_ : evaluate_data_)->info(); }

std::vector<data::Class> RunJob::output_classes() const {
  return model::output_classes(model_->segmentor->outputs(), dataset_info().classes);
}

RunResult RunJob::result() const {
  const auto if_there = [](std::filesystem::path path) {
    return std::filesystem::exists(path) ? std::optional(std::move(path)) : std::nullopt;
  };
  return {state_,
          folder_->path(),
          step_,
          folder_->newest_checkpoint(),
          if_there(folder_->report()),
          if_there(folder_->predictions()),
          scores_};
}

nlohmann::json to_json(const RunResult& result) {
  const auto or_null = [](const std::optional<std::filesystem::path>& path) {
    return path ? nlohmann::json(path->string()) : nlohmann::json();
  };
  nlohmann::json document = {{"state", result.state},
                             {"folder", result.folder.string()},
                             {"step", result.step},
                             {"checkpoint", or_null(result.checkpoint)},
                             {"report", or_null(result.report)},
                             {"predictions", or_null(result.predictions)},
                             {"scores", result.scores.value_or(nullptr)}};
  if (result.scores) document["scores"].erase("confusion");
  return document;
}

void RunJob::write_report() {
  if (!ranks_->is_first()) return;
  write_run_report(*folder_, {pipeline_, components_, dataset_info().classes, output_classes(), std::move(comparisons_),
                              std::move(images_), state_, seconds_since(begin_), evaluated_, resumes(pipeline_)});
  log_.info("report: " + folder_->report().string());
  say_next_step();
}

// What a finished training is for.
void RunJob::say_next_step() {
  const bool is_done = does("train") && !state_.starts_with("Stopped");
  const auto newest = folder_->newest_checkpoint();
  if (!is_done || !newest) return;
  const std::filesystem::path chosen = run::checkpoint_file(folder_->path());
  const bool is_best = chosen == folder_->best();
  log_.info("predict with its " + std::string(is_best ? "best" : "last") + " checkpoint (step " +
            std::to_string(checkpoint::read_checkpoint_info(chosen).step) + "): sshost predict IMAGES --checkpoint " +
            shell_word(pipeline_.output));
}

}  // namespace sshost::app
