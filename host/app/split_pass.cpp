#include "app/split_pass.h"

#include "app/settings.h"
#include "data/transform_list.h"
#include "infer/inference.h"

namespace sshost::app {
namespace {

data::LoaderOptions options_of(const SplitPass& pass, Log& log, const std::atomic<bool>& stop, int64_t& skipped) {
  data::LoaderOptions options =
      loader_options(pass.pipeline, pass.pipeline.evaluate.batch_size, data::OnBroken::kLeaveOut, log, skipped);
  if (pass.on_broken) options.on_broken = *pass.on_broken;
  options.stop = &stop;
  return options;
}

data::TransformList transforms_of(const SplitPass& pass) {
  return data::make_evaluation_transforms(pass.pipeline, pass.split.info(), pass.registry);
}

infer::Inference inference_of(const SplitPass& pass) {
  return {pass.segmentor, pass.store, model::output_classes(pass.segmentor.outputs(), pass.split.info().classes),
          pass.pipeline.evaluate, pass.prepared};
}

}  // namespace

SplitOutcome evaluate_split(const SplitPass& pass, Log& log, const std::atomic<bool>& stop) {
  SplitOutcome outcome;
  say_precision(pass.pipeline, pass.store, log);
  data::LoaderOptions options = options_of(pass, log, stop, outcome.skipped);
  options.rank = pass.ranks.rank();
  options.ranks = pass.ranks.count() * pass.every;
  options.original_labels = true;
  data::Loader loader(pass.split, transforms_of(pass), options);
  infer::Inference inference = inference_of(pass);
  EvaluateObserver observer(log, loader, pass.output);
  const config::EvaluateConfig& config = pass.pipeline.evaluate;
  outcome.evaluation = evaluate::evaluate(inference, loader, pass.split.classes(), loader.samples(), observer, stop,
                                          {config.f_beta, config.boundary_ratio}, pass.ranks);
  observer.done();
  say_chosen_precision(pass.pipeline, inference, log);
  outcome.skipped += observer.skipped();
  outcome.finished = outcome.evaluation.has_value();
  if (outcome.finished) outcome.comparisons = observer.take_comparisons();
  return outcome;
}

SplitOutcome predict_split(const SplitPass& pass, Log& log, const std::atomic<bool>& stop) {
  SplitOutcome outcome;
  say_precision(pass.pipeline, pass.store, log);
  data::LoaderOptions options = options_of(pass, log, stop, outcome.skipped);
  options.need_labels = false;
  data::Loader loader(pass.split, transforms_of(pass), options);
  infer::Inference inference = inference_of(pass);
  EvaluateObserver observer(log, loader, pass.output);
  outcome.finished = evaluate::predict(inference, loader, pass.split.size(), observer, stop);
  observer.done();
  say_chosen_precision(pass.pipeline, inference, log);
  outcome.skipped += observer.skipped();
  outcome.comparisons = observer.take_comparisons();
  return outcome;
}

}  // namespace sshost::app
