#include "cli/run_job.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/device.h"
#include "base/error.h"
#include "bridge/boundary.h"
#include "checkpoint/checkpoint.h"
#include "cli/evaluate_observer.h"
#include "cli/interrupt.h"
#include "cli/prediction_inputs.h"
#include "cli/run_report.h"
#include "cli/train_observer.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "data/inspection.h"
#include "data/label_census.h"
#include "data/transform_list.h"
#include "distributed/identity.h"
#include "distributed/shared_checkpoint.h"
#include "file/atomic_file.h"
#include "infer/inference.h"
#include "report/html.h"
#include "report/image_scores.h"
#include "run/initial_weights.h"
#include "run/sample_sizes.h"
#include "state/generator.h"
#include "train/precision.h"

namespace sshost::cli {
namespace {

// Streams of random numbers that have nothing to do with each other are drawn from different seeds.
constexpr uint64_t kTrainingStream = 0x9e3779b97f4a7c15;

void require_same_classes(const data::Dataset& one, const data::Dataset& other) {
  if (one.classes() == other.classes()) return;
  throw Error("the splits differ: " + std::to_string(one.classes()) + " classes to train, " +
              std::to_string(other.classes()) + " to evaluate");
}

}  // namespace

RunJob::RunJob(Session& session, run::Session opened, const distributed::RankEnvironment& environment,
               const std::atomic<bool>& stop, std::function<void(const std::string&, bool)> end_process)
    : session_(session),
      opened_(std::move(opened)),
      environment_(environment),
      stop_(stop),
      end_process_(std::move(end_process)),
      device_(app::device_of(pipeline_, environment)),
      guard_(device_),
      components_(run::used_components(opened_)) {}

bool RunJob::does(std::string_view step) const {
  return std::find(pipeline_.run.begin(), pipeline_.run.end(), step) != pipeline_.run.end();
}

bool RunJob::resumes() const { return does("train") && pipeline_.train.resume; }

bool RunJob::run() {
  config::with_places(pipeline_, [this] { check(); });
  join_ranks();
  try {
    return work();
  } catch (const std::exception& error) {
    if (group_) group_->fail(error);
    throw;
  }
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
  if (!group_->warning().empty()) session_.log().warning(group_->warning());
  const distributed::CudaTransport& transport = group_->cuda_transport();
  session_.log().info(std::to_string(environment_.count) + " processes work together" +
                      (transport.is_nccl ? ", their GPUs through NCCL" : ""));
  if (!device_.is_cuda() || transport.is_nccl || !ranks_->is_first()) return;
  session_.log().warning("the GPUs work together by Gloo, which is slower than NCCL: " + transport.why_not_nccl);
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
  if (ranks_->is_first() && train_data_) say_labels(*train_data_, "train on");
  if (ranks_->is_first() && evaluate_data_ && (does("train") || does("evaluate")))
    say_labels(*evaluate_data_, "evaluate on");
  stop_on_signals();  // there is something to save now; before, a signal ends the process
  const bool finished = (!does("train") || train()) &&
                        (!does("evaluate") || has_final_ || evaluate(step_, model_->store, true)) &&
                        (!predicts() || predict());
  if (skipped_ > 0) session_.log().warning("broken samples that were skipped: " + std::to_string(skipped_));
  write_report();
  return finished;
}

void RunJob::build() {
  set_operator_threads(pipeline_);
  if (does("train")) train_data_ = run::open_dataset(opened_, pipeline_.data.train.split);
  const bool evaluates_between = pipeline_.train.evaluate_every > 0 || pipeline_.train.evaluate_every_epochs;
  if (does("evaluate") || does("predict") || (does("train") && evaluates_between)) {
    evaluate_data_ = run::open_dataset(opened_, pipeline_.data.evaluate.split);
  }
  agree_on_work();
  if (evaluate_data_) run::require_one_evaluated_size(opened_, *evaluate_data_);
  if (train_data_) {
    require_a_batch();
    run::require_one_size(opened_, *train_data_, share_of_batch());
    require_something_to_learn();
  }
  if (train_data_ && evaluate_data_) require_same_classes(*train_data_, *evaluate_data_);
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
  output::PredictionWriter{options};
  if (ranks_->is_first()) require_own_files(options, *evaluate_data_);
}

void RunJob::require_a_batch() const {
  if (train_data_->size() >= pipeline_.train.batch_size) return;
  throw config::ValueError("train.batch_size", "expected at most " + std::to_string(train_data_->size()) +
                                                   ", the samples of the split that is trained on; found " +
                                                   std::to_string(pipeline_.train.batch_size));
}

void RunJob::require_something_to_learn() const {
  if (dataset_info().classes.size() > 1 || pipeline_.train.on_nothing_to_learn == "warn") return;
  throw Error("nothing to learn: the data set has one class alone, " + dataset_info().classes.front().name +
              ", which is always right. What is not of it needs a class too, such as background; "
              "train.on_nothing_to_learn: warn trains on all the same");
}

// Before any work, of a few labels as they are stored.
void RunJob::say_labels(const data::Dataset& split, const std::string& what) {
  constexpr int64_t kMost = 8;
  const data::Inspection seen = data::inspect(split, {.limit = kMost}, [](int64_t, int64_t) {});
  const data::LabelCensus labels(seen, split.info());
  if (labels.images() == 0) return;
  session_.log().info("labels of " + std::to_string(labels.images()) + " images to " + what + ": " +
                      describe(labels, split.info().classes));
  const std::string warning = warning_of(labels, split.info().classes);
  if (!warning.empty()) session_.log().warning("images to " + what + ": " + warning);
}

void RunJob::open_folder() {
  if (!ranks_->is_first()) {
    folder_ = run::RunFolder::written_elsewhere(ranks_->broadcast(""));
    return;
  }
  folder_ = choose_folder();
  pipeline_.output = folder_->path().string();
  pipeline_.resolved.set("output", config::make_string(pipeline_.output));
  if (!resumes()) folder_->write_pipeline(config::to_yaml(pipeline_.resolved));
  session_.log().open_file(folder_->log());
  tensorboard_.emplace(*folder_);
  session_.log().info("run folder: " + pipeline_.output);
  if (!opened_.fitted.empty()) session_.log().info(opened_.fitted);
  if (!folder_->is_locked()) {
    session_.log().warning("the file system of " + pipeline_.output +
                           " keeps no locks: nothing stops a second run from writing into the folder");
  }
  ranks_->broadcast(pipeline_.output);
}

run::RunFolder RunJob::choose_folder() const {
  const std::filesystem::path named = opened_.names_output ? pipeline_.output : "";
  if (resumes() && !named.empty() && std::filesystem::exists(named / "pipeline.yaml")) {
    return run::RunFolder::open(named);
  }
  // A run may also go on in a new folder, from a checkpoint that lies elsewhere.
  const bool is_new = !resumes() || pipeline_.checkpoint;
  if (is_new) return run::RunFolder::create(opened_.is_of_a_run ? "" : named, pipeline_.name);
  return named.empty() ? run::RunFolder::newest(pipeline_.name) : run::RunFolder::open(named);
}

void RunJob::start_from_checkpoint() {
  if (pipeline_.checkpoint) {
    const std::filesystem::path given = *pipeline_.checkpoint;
    pipeline_.checkpoint = resumes() ? run::checkpoint_to_go_on_from(given) : run::checkpoint_file(given);
    pipeline_.resolved.set("checkpoint", config::make_string(*pipeline_.checkpoint));
  }
  if (resumes()) return;  // the trainer reads more than the weights
  if (pipeline_.checkpoint) {
    checkpoint::load_model(*pipeline_.checkpoint, model_->store, loading_);
    const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(*pipeline_.checkpoint);
    if (!does("train")) step_ = info.step;
    session_.say_changed_libraries(opened_, info);
    session_.log().info("weights from " + *pipeline_.checkpoint);
    return;
  }
  load_weights(*model_, pipeline_.model, loading_, session_.log());
  if (!does("train"))
    session_.log().warning("no checkpoint is given: what is evaluated has not been trained by sshost");
}

// One of the folder's own, which goes before one that lies elsewhere: that is what the run began with.
std::filesystem::path RunJob::checkpoint_to_resume() const {
  std::filesystem::path given =
      pipeline_.checkpoint ? std::filesystem::weakly_canonical(*pipeline_.checkpoint) : "";  // a link has no state
  const auto newest = folder_->newest_checkpoint();
  if (newest && !(is_own(given) && std::filesystem::exists(given))) return *newest;
  if (!given.empty()) return given;
  throw UsageError("cannot resume: " + folder_->checkpoints().string() + " holds no complete checkpoint");
}

bool RunJob::is_own(const std::filesystem::path& checkpoint) const {
  return std::filesystem::weakly_canonical(checkpoint).parent_path() ==
         std::filesystem::weakly_canonical(folder_->checkpoints());
}

// What a run that went on in its folder leaves is what an uninterrupted one does.
void RunJob::forget_resume(const std::filesystem::path& path) {
  if (!is_own(path)) return;
  pipeline_.resolved.at("train").set("resume", config::make_bool(false));
  if (pipeline_.checkpoint && is_own(*pipeline_.checkpoint)) pipeline_.resolved.set("checkpoint", {});
}

// Going on from an older checkpoint would mix two trainings in one folder: the later checkpoints would count as newer.
void RunJob::require_newest(const std::filesystem::path& path) const {
  const auto newest = folder_->newest_checkpoint();
  const int64_t step = checkpoint::read_checkpoint_info(path).step;
  if (!newest || checkpoint::read_checkpoint_info(*newest).step <= step) return;
  throw UsageError("cannot resume from step " + std::to_string(step) +
                   " here: the folder holds later checkpoints, up to " + newest->string() +
                   "; name a new folder by --output, or move them away");
}

void RunJob::resume(train::Trainer& trainer) {
  const std::filesystem::path path = ranks_->is_first() ? checkpoint_to_resume() : "";
  if (ranks_->is_first()) {
    require_newest(path);
    session_.say_changed_libraries(opened_, checkpoint::read_checkpoint_info(path));
  }
  const std::string notice = trainer.resume(distributed::SharedCheckpoint(path, *ranks_).model_path(), loading_);
  // Not before: what a refused resume was told to do is not what the folder holds.
  if (ranks_->is_first()) {
    forget_resume(path);
    folder_->write_pipeline(config::to_yaml(pipeline_.resolved));
  }
  session_.log().info("going on from " + path.string());
  if (ranks_->is_first() && pipeline_.checkpoint && std::filesystem::weakly_canonical(*pipeline_.checkpoint) != path) {
    session_.log().info(*pipeline_.checkpoint + " is not of this run, which goes on with its own newest checkpoint");
  }
  if (!notice.empty() && ranks_->is_first()) session_.log().warning(notice);
}

int64_t RunJob::share_of_batch() const {
  const int64_t size = pipeline_.train.batch_size;
  if (size % environment_.count == 0) return size / environment_.count;
  throw config::ValueError("train.batch_size", "expected a multiple of " + std::to_string(environment_.count) +
                                                   ", the number of processes, which share each batch evenly; found " +
                                                   std::to_string(size));
}

bool RunJob::train() {
  data::LoaderOptions options = shared_loader_options(share_of_batch(), data::OnBroken::kReplace);
  options.shuffle = options.drop_last = true;
  data::Loader loader(*train_data_, data::make_transforms(pipeline_.data.train.transforms, train_data_->info()),
                      options);
  TrainObserver observer(session_.console(), session_.log(), tensorboard_ ? &*tensorboard_ : nullptr,
                         dataset_info().classes, [this](int64_t step, state::StateStore& store) {
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
  if (resumes()) resume(trainer);
  total_steps_ = trainer.total_steps();
  session_.log().info("training: " + std::to_string(total_steps_) + " steps of " +
                      std::to_string(pipeline_.train.batch_size * pipeline_.train.accumulate) + " out of " +
                      std::to_string(train_data_->size()) + " images");
  if (tensorboard_) tensorboard_->begin(trainer.steps_done() + 1);
  const train::TrainingResult result = run_steps(trainer);
  observer.done();
  step_ = result.steps;
  const std::string where = " after step " + std::to_string(step_) + " of " + std::to_string(total_steps_);
  if (result.stopped_early) {
    state_ = "Ended early" + where;
    session_.log().info(state_ + ": the mean IoU no longer improved");
  }
  if (!result.interrupted) return true;
  state_ = "Stopped" + where;
  session_.log().info(state_ + "; saved " + folder_->checkpoint(step_).string() +
                      "; go on with --set train.resume=true --output " + pipeline_.output);
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
  data::LoaderOptions options = shared_loader_options(pipeline_.evaluate.batch_size, data::OnBroken::kLeaveOut);
  options.original_labels = true;
  const data::DatasetInfo& info = evaluate_data_->info();
  data::Loader loader(*evaluate_data_, data::make_evaluation_transforms(pipeline_, info), options);
  infer::Inference inference(*model_->segmentor, store, output_classes(), pipeline_.evaluate);
  EvaluationOutput output;
  std::optional<output::PredictionWriter> writer;
  if (is_last && pipeline_.evaluate.save_predictions && ranks_->alone()) {
    output.writer = &writer.emplace(prediction_options(folder_->predictions()));
    output.skips_unwritable = pipeline_.data.skips_broken_samples();
  }
  if (is_last && ranks_->is_first()) output.report_images = pipeline_.evaluate.report_images;
  EvaluateObserver observer(session_.console(), session_.log(), loader, output);
  const auto evaluation =
      evaluate::evaluate(inference, loader, evaluate_data_->classes(), loader.samples(), observer, stop_,
                         {pipeline_.evaluate.f_beta, pipeline_.evaluate.boundary_ratio}, *ranks_);
  observer.done();
  skipped_ += observer.skipped();
  if (!evaluation) {
    if (is_last) state_ = "Stopped while evaluating";
    return std::nullopt;
  }
  if (writer) writer->finish();
  evaluated_ = true;
  has_final_ = is_last;
  comparisons_ = observer.take_comparisons();
  if (ranks_->is_first()) record(*evaluation, step);
  say_scores(*evaluation, is_last);
  return evaluation->metrics.mean_iou;
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
  data::LoaderOptions options =
      loader_options(pipeline_, pipeline_.evaluate.batch_size, data::OnBroken::kLeaveOut, session_.log(), skipped_);
  options.need_labels = false;
  const data::DatasetInfo& info = evaluate_data_->info();
  data::Loader loader(*evaluate_data_, data::make_evaluation_transforms(pipeline_, info), options);
  infer::Inference inference(*model_->segmentor, model_->store, output_classes(), pipeline_.evaluate);
  output::PredictionWriter writer(prediction_options(folder_->predictions()));
  const int64_t report_images = does("evaluate") ? 0 : pipeline_.evaluate.report_images;
  EvaluateObserver observer(session_.console(), session_.log(), loader,
                            {report_images, &writer, pipeline_.data.skips_broken_samples()});
  const bool finished = evaluate::predict(inference, loader, evaluate_data_->size(), observer, stop_);
  observer.done();
  skipped_ += observer.skipped();
  if (!does("evaluate")) comparisons_ = observer.take_comparisons();
  if (!finished) {
    state_ = "Stopped while predicting";
    return false;
  }
  writer.finish();
  session_.log().info("predictions: " + folder_->predictions().string());
  return true;
}

output::PredictionOptions RunJob::prediction_options(const std::filesystem::path& folder) const {
  return cli::prediction_options(pipeline_, folder, model_->segmentor->outputs(), evaluate_data_->info().classes);
}

data::LoaderOptions RunJob::shared_loader_options(int64_t batch_size, data::OnBroken when_skipping) {
  data::LoaderOptions options = loader_options(pipeline_, batch_size, when_skipping, session_.log(), skipped_);
  options.rank = ranks_->rank();
  options.ranks = ranks_->count();
  return options;
}

checkpoint::CheckpointInfo RunJob::checkpoint_info() const {
  ss_options_object pipeline = pipeline_.resolved;  // of whoever starts from it, however this run itself began
  pipeline.set("checkpoint", {});
  pipeline.at("train").set("resume", config::make_bool(false));
  pipeline.at("weights").set("classes", config::make_string("same"));
  pipeline.at("weights").set("values", config::make_string("sound"));
  return {config::to_yaml(pipeline), train_data_->info(), plugin_versions(components_), 0,
          run::library_hashes(opened_)};
}

const data::DatasetInfo& RunJob::dataset_info() const { return (train_data_ ? train_data_ : evaluate_data_)->info(); }

std::vector<data::Class> RunJob::output_classes() const {
  return model::output_classes(model_->segmentor->outputs(), dataset_info().classes);
}

void RunJob::say_scores(const evaluate::Evaluation& evaluation, bool with_classes) {
  const evaluate::Metrics& metrics = evaluation.metrics;
  const std::vector<data::Class> classes = output_classes();
  const auto only = pipeline_.model.independent ? std::nullopt : evaluate::only_labelled_class(metrics);
  const std::string of_one = only ? " (the labels hold " + classes[*only].name + " alone)" : "";
  session_.log().info("mean IoU " + report::percent(metrics.mean_iou) + " %" + of_one + ", mean accuracy " +
                      report::percent(metrics.mean_accuracy) + " %, pixel accuracy " +
                      report::percent(metrics.pixel_accuracy) + " % on " + std::to_string(evaluation.images) +
                      " images in " + report::duration(evaluation.seconds));
  if (!with_classes) return;
  std::string further = "mean Dice " + report::percent(metrics.mean_dice) + " %";
  if (metrics.beta != 1) {
    further += ", mean F" + report::number(metrics.beta) + " " + report::percent(metrics.mean_f_score) + " %";
  }
  if (pipeline_.evaluate.boundary_ratio > 0) {
    further += ", mean boundary IoU " + report::percent(metrics.mean_boundary_iou) + " %";
  }
  session_.log().progress("  " + further);
  const evaluate::MeanIous& means = metrics.mean_ious;
  if (means.with_truth != means.with_union || means.empty_as_one != means.empty_as_zero) {
    session_.log().progress("  mean IoU by other conventions (docs/metrics.md): " + report::percent(means.with_truth) +
                            " % over classes with labels, " + report::percent(means.empty_as_one) + " % and " +
                            report::percent(means.empty_as_zero) + " % with absent classes as 1 and as 0");
  }
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    session_.log().progress("  IoU " + report::percent(metrics.classes[i].iou) + " %  " + classes[i].name);
  }
}

nlohmann::json RunJob::result() const {
  const auto path_or_null = [](const std::filesystem::path& path) {
    return std::filesystem::exists(path) ? nlohmann::json(path.string()) : nlohmann::json();
  };
  const auto checkpoint = folder_->newest_checkpoint();
  nlohmann::json document = {{"state", state_},
                             {"folder", folder_->path().string()},
                             {"step", step_},
                             {"checkpoint", checkpoint ? nlohmann::json(checkpoint->string()) : nlohmann::json()},
                             {"report", path_or_null(folder_->report())},
                             {"predictions", path_or_null(folder_->predictions())},
                             {"scores", scores_.value_or(nullptr)}};
  if (scores_) document["scores"].erase("confusion");
  return document;
}

void RunJob::write_report() {
  if (!ranks_->is_first()) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  write_run_report(*folder_, {pipeline_, components_, dataset_info().classes, output_classes(), std::move(comparisons_),
                              std::move(images_), state_, seconds, evaluated_, resumes()});
  session_.log().info("report: " + folder_->report().string());
}

}  // namespace sshost::cli
