#include "train/workplace.h"

#include <ATen/Parallel.h>

#include <utility>

#include "data/transform_list.h"
#include "state/generator.h"

namespace sshost::train {
namespace {

const char* const kPipeline = R"(
run: [train, evaluate]
seed: 3
plugins: [)" SSHOST_PLUGIN_DIR ", " SSHOST_TEST_PLUGIN_DIR R"(]
data:
  dataset: {type: synthetic, classes: 4, height: 32, width: 32, train_samples: 20, evaluate_samples: 5}
  train: {transforms: [{type: random_crop, size: [24, 24]}, {type: random_flip}, {type: normalize}]}
  evaluate: {transforms: [{type: normalize}]}
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, convolutions: 1, dropout: 0.5}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8, consistency_loss: true}
  auxiliary: [{type: fcn, feature: 0, channels: 4, convolutions: 1, dropout: 0.5, loss_weight: 0.4}]
train:
  steps: 12
  batch_size: 4
  optimizer: {type: sgd, lr: 0.05, rules: [{match: context_within_image_module, lr_factor: 2}]}
  schedule: {type: poly, warmup: {type: linear, steps: 3, ratio: 0.1}}
  log_every: 5
  save_every: 0
evaluate: {batch_size: 2}
)";

}  // namespace

run::Session open_small_session(const std::vector<std::string>& overrides) {
  at::set_num_threads(1);  // on tensors this small, threads only wait for each other, long where the machine is busy
  return run::open_session_text(kPipeline, "small.yaml", overrides, [](auto&&...) {});
}

Workplace::Workplace(const run::Session& session, const run::RunFolder& folder, TrainingObserver& observer,
                     int64_t workers) {
  open(session, folder, observer, workers);
}

Workplace::Workplace(run::Session&& session, const run::RunFolder& folder, TrainingObserver& observer, int64_t workers)
    : kept_(std::make_unique<const run::Session>(std::move(session))) {
  open(*kept_, folder, observer, workers);
}

void Workplace::open(const run::Session& session, const run::RunFolder& folder, TrainingObserver& observer,
                     int64_t workers) {
  const config::Pipeline& pipeline = session.pipeline;
  dataset_ = run::open_dataset(session, pipeline.data.train.split);
  model_ = run::build_model(session, dataset_->classes());
  loader_.emplace(*dataset_, data::make_training_transforms(pipeline, dataset_->info(), *session.registry),
                  data::LoaderOptions{.batch_size = pipeline.train.batch_size,
                                      .workers = workers,
                                      .shuffle = true,
                                      .drop_last = true,
                                      .seed = pipeline.seed});
  trainer_.emplace(TrainerParts{*model_->segmentor,
                                model_->store,
                                state::make_generator(at::kCPU, pipeline.seed),
                                *loader_,
                                folder,
                                {"yaml", dataset_->info(), {}, 0}},
                   pipeline.train, pipeline.seed, observer);
}

std::optional<double> Recorder::on_evaluate(int64_t step, state::StateStore& store) {
  evaluated.push_back(step);
  for (const state::StateEntry& entry : store) evaluated_state[entry.name] = entry.value.detach().clone();
  const auto score = scores.find(step);
  return score == scores.end() ? 0 : score->second;
}

void Recorder::on_step(const StepRecord& record) {
  steps.push_back(record);
  if (record.step == stop_at_) stop = true;
}

}  // namespace sshost::train
