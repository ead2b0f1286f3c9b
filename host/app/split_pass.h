#ifndef SSHOST_APP_SPLIT_PASS_H
#define SSHOST_APP_SPLIT_PASS_H

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/evaluate_observer.h"
#include "app/log.h"
#include "config/pipeline.h"
#include "data/dataset.h"
#include "data/loader.h"
#include "evaluate/evaluator.h"
#include "model/segmentor.h"
#include "plugin/registry.h"
#include "report/report.h"
#include "state/prepared.h"
#include "state/ranks.h"
#include "state/state_store.h"

namespace sshost::app {

// A model that is to go over all samples of a split, as the pipeline says. What is named outlives it.
struct SplitPass {
  const config::Pipeline& pipeline;
  const plugin::Registry& registry;
  const data::Dataset& split;
  const model::Segmentor& segmentor;
  state::StateStore& store;
  EvaluationOutput output = {};
  std::optional<data::OnBroken> on_broken = {};  // nothing: as the pipeline says
  const state::Ranks& ranks = state::kAlone;     // share an evaluation
  int64_t every = 1;                             // of the samples, only each so many-th is evaluated
  state::Prepared* prepared = nullptr;           // see infer::Inference
};

// What came of it.
struct SplitOutcome {
  std::optional<evaluate::Evaluation> evaluation = {};
  bool finished = false;                             // else `stop` was set meanwhile
  int64_t skipped = 0;                               // samples that could not be read, or written
  std::vector<report::Comparison> comparisons = {};  // as many as `output` wanted, the worst first
};

// Scores the model by the split's labels. Throws as evaluate::evaluate.
SplitOutcome evaluate_split(const SplitPass& pass, Log& log, const std::atomic<bool>& stop);

// Gives each prediction to the writer of `output`; labels need not be there. Throws as evaluate::predict.
SplitOutcome predict_split(const SplitPass& pass, Log& log, const std::atomic<bool>& stop);

}  // namespace sshost::app

#endif  // SSHOST_APP_SPLIT_PASS_H
