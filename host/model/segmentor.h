#ifndef SSHOST_MODEL_SEGMENTOR_H
#define SSHOST_MODEL_SEGMENTOR_H

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline.h"
#include "model/backbone.h"
#include "model/features.h"
#include "model/head.h"
#include "model/losses.h"
#include "model/memory.h"
#include "model/names.h"
#include "plugin/registry.h"
#include "state/execution_context.h"
#include "state/state_store.h"

namespace sshost::model {

struct LossTerm {
  // "loss.main", "loss.memory.<prediction>", "loss.auxiliary.0", "loss.auxiliary.0.<prediction>"; where several losses
  // of the same logits are added, with their types: "loss.main.dice", and "loss.main.dice.1" for a second one.
  std::string name;
  at::Tensor value;  // a scalar with its gradient, weighted: the step's loss is the sum of all terms
};

// What a training step's forward leaves for its backward. Keep it until the backward is done: it holds the memory's
// state of this forward, which the contract promises to the plugin until then. It ends before its Segmentor does.
struct TrainingStep {
  std::vector<LossTerm> losses;
  std::optional<MemoryState> memory;

  // The sum of all terms, with its gradient.
  at::Tensor loss() const;
};

// How a batch takes part in a training step.
struct StepOptions {
  // Where a step is more than this batch: the sum of all its batches' Segmentor::loss_divisors, over all ranks. The
  // losses are then this batch's part of the step's losses, which are the sum of all parts.
  at::Tensor loss_divisors;

  // What the forward is computed in, by automatic mixed precision (autocast.h): bfloat16, or float16 on CUDA. Losses
  // and the memory's update are computed in float32 all the same. Nothing: all in the store's dtype.
  std::optional<at::ScalarType> autocast;
};

// A whole model: backbone -> chosen features -> head and/or memory, and auxiliary heads. The only place that knows the
// order. With a memory, the head is its context and has no classifier.
// Immutable after construction; `logits` may run on several threads, each with its own context. The store and the
// registry outlive it.
class Segmentor {
 public:
  // Creates all components and their state, in the order backbone, features, head, memory, auxiliary heads. `generator`
  // is a CPU one. Throws Error where a plugin refuses or breaks the contract, and UsageError where the pipeline asks
  // for something that the components do not offer (a feature that is not there).
  Segmentor(const config::ModelConfig& config, const plugin::Registry& registry, const Outputs& outputs,
            state::StateStore& store, at::Generator generator);

  // One training step up to the losses: forward, the memory's statistics, their sum over the context's ranks, the
  // memory's update, further predictions, losses. images [N, C, H, W]; labels int64 [N, H, W], ignored outside
  // the data set's classes; both are moved to the context's device and dtype. `context.training` has to be set.
  TrainingStep training_losses(state::ExecutionContext& context, const at::Tensor& images, const at::Tensor& labels,
                               const StepOptions& options = {}) const;

  // What the losses of a batch with these labels are divided by (Loss::divisor): float64 [losses of the pipeline + 2]
  // on the labels' device. The last two are for predictions of components: the number of labelled pixels, for those
  // that are means over them, and 1, so that of others the mean over batches is taken.
  at::Tensor loss_divisors(const at::Tensor& labels) const;

  // images [N, C, H, W] -> logits [N, classes, h, w] at the model's own resolution, without a gradient. Where given,
  // `previous` is what an earlier pass over the same images gave, [N, classes, any size], for the memory.
  at::Tensor logits(state::ExecutionContext& context, const at::Tensor& images, const at::Tensor& previous = {}) const;

  const Outputs& outputs() const { return outputs_; }
  int64_t classes() const { return outputs_.count(); }  // channels of the logits
  int64_t in_channels() const { return in_channels_; }  // of images

  // Formats of published checkpoints that any component knows, such as "sssegmentation": each once, in the
  // order in which the components list them.
  std::vector<std::string> formats() const;

  // Our key -> the published key, for every entry of the store that `format` has a name for. Throws Error where two
  // entries would share a name.
  std::map<std::string, std::string> names(std::string_view format) const;

  // The same, with how the format stores each value.
  std::map<std::string, PublishedName> published(std::string_view format) const;

 private:
  struct Auxiliary {
    std::unique_ptr<Head> head;
    std::vector<std::size_t> features;  // of the chosen ones
    std::vector<Loss> losses;
  };
  struct Pass;  // the values of one forward

  void add_auxiliary(const config::AuxiliaryConfig& config, const plugin::Registry& registry, state::Builder builder);
  void check_named_inputs(const Head& head, const std::string& key, std::size_t auxiliary_heads) const;
  Pass start(state::ExecutionContext& context, const at::Tensor& images) const;
  std::vector<at::Tensor> named_inputs(Pass& pass, const Head& head) const;
  bool head_reads(std::size_t auxiliary) const;
  const at::Tensor& auxiliary_logits(Pass& pass, std::size_t index) const;
  at::Tensor main_logits(Pass& pass, const at::Tensor& labels, const at::Tensor& previous) const;
  void update_memory(Pass& pass, const at::Tensor& labels) const;
  void predict_from_updated_memory(Pass& pass) const;
  std::vector<LossTerm> losses(Pass& pass, const at::Tensor& logits, const at::Tensor& labels,
                               const at::Tensor& divisors) const;

  Outputs outputs_;
  int64_t in_channels_;
  const state::StateStore& store_;
  std::vector<Loss> losses_;
  std::unique_ptr<Backbone> backbone_;
  std::unique_ptr<FeatureStage> features_;
  std::unique_ptr<Head> head_;
  std::unique_ptr<Memory> memory_;
  std::vector<Auxiliary> auxiliary_;
};

}  // namespace sshost::model

#endif  // SSHOST_MODEL_SEGMENTOR_H
