#include "model/segmentor.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "bridge/operand.h"
#include "config/value_error.h"
#include "model/autocast.h"
#include "model/feature_index.h"
#include "model/named_input.h"

namespace sshost::model {

struct Segmentor::Pass {
  state::ExecutionContext& context;
  at::Tensor image;
  std::vector<at::Tensor> features;   // the chosen ones
  std::vector<at::Tensor> auxiliary;  // logits, undefined until they are computed
  std::vector<Prediction> head_predictions;
  std::vector<Prediction> memory_predictions;
  std::vector<std::vector<Prediction>> auxiliary_predictions;
  std::optional<MemoryState> memory;
};

namespace {

std::vector<Loss> make_losses(const std::vector<config::LossConfig>& configs, const Outputs& outputs,
                              const plugin::Registry& registry) {
  std::vector<Loss> losses;
  for (const config::LossConfig& config : configs) {
    const auto& plugin = config.component;
    losses.emplace_back(config, outputs, plugin ? &registry.find(plugin->kind, plugin->type) : nullptr);
  }
  return losses;
}

// A count, of float64.
at::Tensor labelled_pixels(const at::Tensor& labels, const Outputs& outputs) {
  return total_weight(outputs.targets(labels), {}).to(at::kDouble);
}

// Tells whoever watches the context.
void tell(const state::ExecutionContext& context, const std::string& what, const at::Tensor& output) {
  if (context.watch != nullptr) context.watch->on_output(what, output);
}

// The buffers of the memory, and of its norms, which are alike already.
void average_memories(const state::StateStore& store, const state::Ranks& ranks) {
  std::vector<at::Tensor> buffers;
  for (const state::StateEntry& entry : store) {
    const bool is_memory = entry.name.starts_with("memory.") && !entry.trainable && entry.value.is_floating_point();
    if (is_memory) buffers.push_back(entry.value.variable_data());
  }
  ranks.sum(buffers);
  for (const at::Tensor& buffer : buffers) buffer.div_(ranks.count());
}

// Collects the terms of a step. `divisors` are those of StepOptions, taken one after the other.
class Terms {
 public:
  Terms(state::ExecutionContext& context, const Outputs& outputs, const at::Tensor& labels, const at::Tensor& divisors)
      : context_(context), outputs_(outputs), labels_(labels), divisors_(divisors) {}

  void add(const std::string& name, const std::vector<Loss>& losses, const at::Tensor& logits) {
    const LabelledPixels pixels = label_pixels(logits, labels_, outputs_);
    for (const Loss& loss : losses) {
      const at::Tensor divisor = divisors_.defined() ? divisors_[next_divisor_++] : at::Tensor();
      const std::string of_several = name + "." + loss.type();
      terms_.push_back({unused(losses.size() > 1 ? of_several : name), loss(pixels, divisor, &context_)});
    }
  }

  void add(const std::string& name, const std::vector<Prediction>& predictions, const Instance& instance) {
    for (const Prediction& prediction : predictions) {
      const at::Tensor loss = loss_of(prediction, instance, labels_, outputs_);
      const at::Tensor part = divisors_.defined() ? loss * part_of(prediction).to(loss.options()) : loss;
      terms_.push_back({name + "." + prediction.name, part});
    }
  }

  std::vector<LossTerm> take() { return std::move(terms_); }

 private:
  // Of this batch in the step.
  at::Tensor part_of(const Prediction& prediction) const {
    const bool is_ready = prediction.loss_value.defined() || prediction.target.defined();
    if (is_ready || !is_mean_over_pixels(prediction.loss)) return divisors_[-1].reciprocal();
    const at::Tensor own = labelled_pixels(labels_, outputs_);
    return own / divisors_[-2].clamp_min(1);
  }

  // The name, or the first of "<name>.1", "<name>.2", ... that no term has.
  std::string unused(const std::string& name) const {
    const auto is_used = [this](const std::string& candidate) {
      return std::any_of(terms_.begin(), terms_.end(), [&](const LossTerm& term) { return term.name == candidate; });
    };
    if (!is_used(name)) return name;
    int number = 1;
    while (is_used(name + "." + std::to_string(number))) ++number;
    return name + "." + std::to_string(number);
  }

  state::ExecutionContext& context_;
  const Outputs& outputs_;
  const at::Tensor& labels_;
  const at::Tensor& divisors_;
  int64_t next_divisor_ = 0;
  std::vector<LossTerm> terms_;
};

void check_batch(const at::Tensor& images, const at::Tensor& labels) {
  const bool fits =
      images.dim() == 4 && labels.dim() == 3 && labels.size(0) == images.size(0) && !labels.is_floating_point();
  if (fits) return;
  throw Error(c10::str("a training batch needs images [N, C, H, W] and integer labels [N, H, W], found ",
                       images.sizes(), " and ", labels.sizes()));
}

}  // namespace

Segmentor::Segmentor(const config::ModelConfig& config, const plugin::Registry& registry, const Outputs& outputs,
                     state::StateStore& store, at::Generator generator)
    : outputs_(outputs),
      in_channels_(config.in_channels),
      store_(store),
      losses_(make_losses(config.losses, outputs, registry)) {
  if (!config.head && !config.memory) throw UsageError("model: a model needs a head, a memory, or both");
  const auto component = [&](const config::ComponentConfig& part) -> const plugin::Component& {
    return registry.find(part.kind, part.type);
  };
  const auto builder = [&](std::string prefix) { return state::Builder(store, std::move(prefix), generator); };

  state::Builder for_backbone = builder("backbone");
  backbone_ = std::make_unique<Backbone>(config.backbone, component(config.backbone), for_backbone, config.in_channels);
  state::Builder for_features = builder("features");
  features_ = std::make_unique<FeatureStage>(config.features, backbone_->features(), for_features);
  if (config.head) {
    const HeadSpec spec = {features_->features(), classes(), config.memory.has_value()};
    state::Builder for_head = builder("head");
    head_ = std::make_unique<Head>(*config.head, component(*config.head), "head", spec, for_head);
  }
  if (config.memory) {
    const MemorySpec spec = {features_->features(), head_ ? head_->channels() : 0, classes()};
    state::Builder for_memory = builder("memory");
    memory_ = std::make_unique<Memory>(*config.memory, component(*config.memory), spec, for_memory);
  }
  for (const config::AuxiliaryConfig& auxiliary : config.auxiliary) {
    add_auxiliary(auxiliary, registry, builder("auxiliary." + std::to_string(auxiliary_.size())));
  }
  if (head_) check_named_inputs(*head_, "model.head", auxiliary_.size());
}

void Segmentor::add_auxiliary(const config::AuxiliaryConfig& config, const plugin::Registry& registry,
                              state::Builder builder) {
  const std::string role = "auxiliary." + std::to_string(auxiliary_.size());
  Auxiliary auxiliary{{}, {}, make_losses(config.losses, outputs_, registry)};
  HeadSpec spec = {{}, classes(), false};
  for (const int64_t index : config.features) {
    auxiliary.features.push_back(feature_index(index, features_->features().size(), "model." + role + ".feature"));
    spec.features.push_back(features_->features()[auxiliary.features.back()]);
  }
  const plugin::Component& component = registry.find(config.head.kind, config.head.type);
  auxiliary.head = std::make_unique<Head>(config.head, component, role, spec, builder);
  check_named_inputs(*auxiliary.head, "model." + role, auxiliary_.size());
  auxiliary_.push_back(std::move(auxiliary));
}

// An auxiliary head may use those before it, so that there is an order to compute them in.
void Segmentor::check_named_inputs(const Head& head, const std::string& key, std::size_t auxiliary_heads) const {
  for (const std::string& name : head.named_inputs()) {
    const std::optional<NamedInput> input = parse_named_input(name);
    if (!input) {
      head.instance().broken("an input", "\"image\" or \"auxiliary.<N>.logits\"", "\"" + name + "\"");
    }
    if (input->auxiliary && *input->auxiliary >= auxiliary_heads) {
      throw config::ValueError(key, head.instance().who() + " needs the input \"" + name + "\", but there are only " +
                                        std::to_string(auxiliary_heads) +
                                        " auxiliary heads before it; add what it needs to model.auxiliary");
    }
  }
}

Segmentor::Pass Segmentor::start(state::ExecutionContext& context, const at::Tensor& images) const {
  context.image_height = images.size(2);
  context.image_width = images.size(3);
  Pass pass = {.context = context,
               .image = images.to(context.device, context.dtype),
               .features = {},
               .auxiliary = std::vector<at::Tensor>(auxiliary_.size()),
               .head_predictions = {},
               .memory_predictions = {},
               .auxiliary_predictions = std::vector<std::vector<Prediction>>(auxiliary_.size()),
               .memory = {}};
  const std::vector<at::Tensor> maps = backbone_->forward(context, pass.image);
  for (const at::Tensor& map : maps) tell(context, "a feature map of " + backbone_->instance().who(), map);
  pass.features = features_->forward(context, maps);
  for (const at::Tensor& map : pass.features) tell(context, "a feature map behind model.features", map);
  return pass;
}

std::vector<at::Tensor> Segmentor::named_inputs(Pass& pass, const Head& head) const {
  std::vector<at::Tensor> inputs;
  for (const std::string& name : head.named_inputs()) {
    const NamedInput input = parse_named_input(name).value();
    inputs.push_back(input.auxiliary ? auxiliary_logits(pass, *input.auxiliary) : pass.image);
  }
  return inputs;
}

const at::Tensor& Segmentor::auxiliary_logits(Pass& pass, std::size_t index) const {
  at::Tensor& logits = pass.auxiliary[index];
  if (logits.defined()) return logits;
  const Auxiliary& auxiliary = auxiliary_[index];
  std::vector<at::Tensor> features;
  for (const std::size_t feature : auxiliary.features) features.push_back(pass.features[feature]);
  std::vector<Prediction>& predictions = pass.auxiliary_predictions[index];
  const at::Tensor representation =
      auxiliary.head->embed(pass.context, features, named_inputs(pass, *auxiliary.head), predictions);
  logits = auxiliary.head->classify(pass.context, representation, predictions);
  tell(pass.context, "the logits of " + auxiliary.head->instance().who(), logits);
  return logits;
}

at::Tensor Segmentor::main_logits(Pass& pass, const at::Tensor& labels, const at::Tensor& previous) const {
  at::Tensor representation;
  if (head_) {
    representation = head_->embed(pass.context, pass.features, named_inputs(pass, *head_), pass.head_predictions);
  }
  if (head_) tell(pass.context, "the representation of " + head_->instance().who(), representation);
  if (!memory_) {
    at::Tensor logits = head_->classify(pass.context, representation, pass.head_predictions);
    tell(pass.context, "the logits of " + head_->instance().who(), logits);
    return logits;
  }
  MemoryOutput output =
      memory_->forward(pass.context, {pass.features, representation, labels, previous}, pass.memory_predictions);
  pass.memory.emplace(std::move(output.state));
  tell(pass.context, "the logits of " + memory_->instance().who(), output.logits);
  return output.logits;
}

void Segmentor::update_memory(Pass& pass, const at::Tensor& labels) const {
  state::ExecutionContext& context = pass.context;
  const std::vector<at::Tensor> statistics = memory_->statistics(context, *pass.memory, labels);
  if (!context.averages_memories) context.ranks->sum(statistics);
  memory_->apply(context, statistics);
  if (context.averages_memories) average_memories(*context.store, *context.ranks);
}

// It works on the memory, which all ranks have alike: a batch norm over all would count it once for each.
void Segmentor::predict_from_updated_memory(Pass& pass) const {
  const bool synchronises = std::exchange(pass.context.synchronises_norms, false);
  memory_->after_update(pass.context, *pass.memory, pass.memory_predictions);
  pass.context.synchronises_norms = synchronises;
}

at::Tensor TrainingStep::loss() const {
  at::Tensor sum = losses.front().value;
  for (std::size_t i = 1; i < losses.size(); ++i) sum = sum + losses[i].value;
  return sum;
}

TrainingStep Segmentor::training_losses(state::ExecutionContext& context, const at::Tensor& images,
                                        const at::Tensor& labels, const StepOptions& options) const {
  check_batch(images, labels);
  const at::Tensor targets = labels.to(context.device, at::kLong);
  std::optional<Autocast> autocast(std::in_place, context.device.type(), options.autocast);
  Pass pass = start(context, images);
  const at::Tensor logits = main_logits(pass, targets, {});
  for (std::size_t index = 0; index < auxiliary_.size(); ++index) auxiliary_logits(pass, index);
  autocast.reset();
  if (memory_) {
    update_memory(pass, targets);
    const Autocast again(context.device.type(), options.autocast);
    predict_from_updated_memory(pass);
  }
  std::vector<LossTerm> terms = losses(pass, logits, targets, options.loss_divisors);
  return {std::move(terms), std::move(pass.memory)};
}

std::vector<LossTerm> Segmentor::losses(Pass& pass, const at::Tensor& logits, const at::Tensor& labels,
                                        const at::Tensor& divisors) const {
  Terms terms(pass.context, outputs_, labels, divisors);
  terms.add("loss.main", losses_, logits);
  if (head_) terms.add("loss.head", pass.head_predictions, head_->instance());
  if (memory_) terms.add("loss.memory", pass.memory_predictions, memory_->instance());
  for (std::size_t index = 0; index < auxiliary_.size(); ++index) {
    const Auxiliary& auxiliary = auxiliary_[index];
    const std::string name = "loss.auxiliary." + std::to_string(index);
    terms.add(name, auxiliary.losses, pass.auxiliary[index]);
    terms.add(name, pass.auxiliary_predictions[index], auxiliary.head->instance());
  }
  return terms.take();
}

at::Tensor Segmentor::loss_divisors(const at::Tensor& labels) const {
  const at::Tensor targets = labels.to(at::kLong);
  std::vector<at::Tensor> divisors;
  const auto add = [&](const std::vector<Loss>& losses) {
    for (const Loss& loss : losses) divisors.push_back(loss.divisor(targets));
  };
  add(losses_);
  for (const Auxiliary& auxiliary : auxiliary_) add(auxiliary.losses);
  divisors.push_back(labelled_pixels(targets, outputs_));
  divisors.push_back(at::ones({}, targets.options().dtype(at::kDouble)));
  return at::stack(divisors);
}

at::Tensor Segmentor::logits(state::ExecutionContext& context, const at::Tensor& images,
                             const at::Tensor& previous) const {
  const at::NoGradGuard no_gradient;
  const bridge::HiddenBfloat16 hidden(context.precision == state::Precision::kBfloat16);
  Pass pass = start(context, images);
  return bridge::plain(main_logits(pass, {}, previous));
}

}  // namespace sshost::model
