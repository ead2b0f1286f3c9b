#include "parity/training.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "config/scalar.h"
#include "config/typed.h"
#include "optimize/optimizer_type.h"
#include "parity/deterministic.h"
#include "parity/published_state.h"

namespace sshost::parity {
namespace {

// A gradient this small beside the largest one is rounding: batch norms over constant maps have none at all.
constexpr double kNoise = 1e-6;

constexpr TrainingTolerance kLoose = {1e-3, 1e-3, 2e-2};
constexpr TrainingTolerance kExact = {1e-6, 1e-6, 1e-5};
constexpr TrainingTolerance kIllConditioned = {1e-3, 1e-3, 1e-1};
constexpr double kFinalState = 1e-6;
constexpr double kLooseFinalState = 2e-2;

// Later steps of a memory of distributions differ between two runs of the published implementation itself, by 8e-3 of a
// gradient's norm in float64; what float32 adds to that has been seen to reach 4e-2.
constexpr int kExactSteps = 2;

using Names = std::map<std::string, std::string>;

// What is not a number exceeds everything, and stays.
bool exceeds(double deviation, double largest) { return !std::isnan(largest) && !(deviation <= largest); }

double relative(double found, double expected) { return std::abs(found - expected) / std::abs(expected); }

// The fixtures name losses as the published implementation logs them.
std::string loss_key(const std::string& published) {
  static const std::map<std::string, std::string> keys = {
      {"loss_aux", "loss.auxiliary.0"},           {"loss_cls", "loss.main"},
      {"loss_cls_stage1", "loss.memory.coarse"},  {"loss_cls_stage2", "loss.main"},
      {"loss_memory", "loss.memory.consistency"}, {"loss_pr", "loss.memory.pixel"},
      {"loss_cwi", "loss.memory.context"}};
  const std::string numbered = "loss_aux";
  if (published.size() > numbered.size() && published.starts_with(numbered)) {  // from 1 on
    return "loss.auxiliary." + std::to_string(std::stoi(published.substr(numbered.size())) - 1);
  }
  const auto found = keys.find(published);
  return found == keys.end() ? published : found->second;
}

std::map<std::string, double> values_of(const std::vector<model::LossTerm>& losses) {
  std::map<std::string, double> values;
  for (const model::LossTerm& loss : losses) {
    values[loss.name] = loss.value.item<double>();
    values["loss_total"] += values[loss.name];
  }
  return values;
}

void compare_losses(const std::map<std::string, double>& found, const nlohmann::json& expected,
                    TrainingDifference& difference) {
  for (const auto& [name, value] : expected.items()) {
    const auto ours = found.find(loss_key(name));
    if (ours == found.end()) {
      std::string known;
      for (const auto& [key, number] : found) known += " " + key;
      throw Error("the fixture has the loss " + name + ", expected as " + loss_key(name) + "; the model has:" + known);
    }
    const double deviation = relative(ours->second, value.get<double>());
    difference.losses[name] = deviation;
    if (exceeds(deviation, difference.largest_loss)) difference.largest_loss = deviation;
  }
}

void compare_gradients(const state::StateStore& store, const Names& published, const nlohmann::json& expected,
                       TrainingDifference& difference) {
  double largest = 0;
  for (const auto& [name, norm] : expected.items()) largest = std::max(largest, norm.get<double>());
  std::size_t compared = 0;
  for (const state::StateEntry& entry : store) {
    const auto name = published.find(entry.name);
    const auto norm = entry.trainable && name != published.end() ? expected.find(name->second) : expected.end();
    if (norm == expected.end()) continue;
    ++compared;
    const at::Tensor& gradient = entry.value.grad();
    const double found = gradient.defined() ? at::linalg_vector_norm(gradient).item<double>() : 0;
    const double deviation = std::abs(found - norm->get<double>()) / std::max(norm->get<double>(), kNoise * largest);
    if (!exceeds(deviation, difference.gradient_norms)) continue;
    difference.gradient_norms = deviation;
    difference.worst_gradient = norm.key();
  }
  if (compared != expected.size()) {
    throw Error("the fixture has the gradients of " + std::to_string(expected.size()) + " parameters, the model has " +
                std::to_string(compared) + " of them");
  }
}

// The sums and norms of the published tensors after the last step.
void compare_final_state(const state::StateStore& store, const Names& published, const nlohmann::json& expected,
                         TrainingDifferences& differences) {
  differences.final_state = 0;
  std::size_t compared = 0;
  for (const state::StateEntry& entry : store) {
    const auto name = published.find(entry.name);
    const auto known = name == published.end() ? expected.end() : expected.find(name->second);
    if (known == expected.end()) continue;
    ++compared;
    const at::Tensor value = entry.value.detach().to(at::kDouble);
    const double sum = known->at(0).get<double>(), norm = known->at(1).get<double>();
    const double scale = std::max(std::abs(sum), norm);
    if (scale == 0) continue;
    const double deviation = std::max(std::abs(value.sum().item<double>() - sum),
                                      std::abs(at::linalg_vector_norm(value).item<double>() - norm)) /
                             scale;
    if (!exceeds(deviation, *differences.final_state)) continue;
    differences.final_state = deviation;
    differences.worst_state = name->second;
  }
  if (compared != expected.size()) {
    throw Error("the fixture has the final state of " + std::to_string(expected.size()) + " tensors, the model has " +
                std::to_string(compared) + " of them");
  }
}

// The buffer that a memory plugin keeps for all classes; null where the model has none.
const state::StateEntry* memory_of(const state::StateStore& store) { return store.find("memory.memory"); }

// A memory [classes, 2] holds the mean and the deviation of a distribution for each class; others hold representations.
bool holds_distributions(const state::StateStore& store) {
  const state::StateEntry* memory = memory_of(store);
  return memory != nullptr && memory->value.dim() == 2;
}

TrainingTolerance tolerance_of(const state::StateStore& store, int step) {
  const bool late = holds_distributions(store) && step >= kExactSteps;
  if (store.dtype() != at::kDouble) return late ? kIllConditioned : kLoose;
  return late ? kLoose : kExact;
}

// One step of the fixture.
struct Step {
  int number;
  at::Tensor images;  // float32
  at::Tensor labels;
  const at::Tensor* memory;  // after it, or null
  const nlohmann::json& expected;
};

Step read_step(const Fixture& fixture, const nlohmann::json& expected) {
  const int number = expected.at("step").get<int>();
  const std::string k = std::to_string(number);
  const at::Tensor& labels = fixture.tensor("labels." + k);
  const std::vector<std::int64_t> sizes = {labels.size(0), 3, labels.size(1), labels.size(2)};
  return {number, deterministic_image("input." + k, sizes, fixture.seed), labels, fixture.file.find("memory." + k),
          expected};
}

void compare_memory(const state::StateStore& store, const Step& step, TrainingDifference& difference) {
  if (step.memory == nullptr) return;
  const state::StateEntry* memory = memory_of(store);
  if (memory == nullptr) throw Error("the fixture has a memory, expected as memory.memory; the model has none");
  difference.memory = compare(memory->value, *step.memory, memory->value.dim() - 1);
}

// Forward, memory update, losses and backward, which leaves the gradients in the store.
TrainingDifference run_step(const run::Model& model, state::ExecutionContext& context, const Step& step,
                            const Names& published) {
  context.training = true;
  context.drops = false;
  context.step = step.number;
  context.epoch = step.expected.at("epoch").get<std::int64_t>();
  context.learning_rate = step.expected.at("lr").get<double>();
  const model::TrainingStep result =
      model.segmentor->training_losses(context, step.images.to(model.store.dtype()), step.labels);
  result.loss().backward();

  TrainingDifference difference;
  difference.tolerance = tolerance_of(model.store, step.number);
  compare_losses(values_of(result.losses), step.expected.at("losses"), difference);
  compare_gradients(model.store, published, step.expected.at("grad_norm"), difference);
  compare_memory(model.store, step, difference);
  return difference;
}

void copy_state(const state::StateStore& from, state::StateStore& to) {
  for (const state::StateEntry& entry : from) {
    to.assign(entry.name, entry.value.detach());
    if (entry.trainable) to.find(entry.name)->value.mutable_grad().reset();
  }
}

config::TypedConfig optimizer_of(const nlohmann::json& fixture) {
  std::string options;
  for (const auto& [key, of_fixture] :
       {std::pair("lr", "base_lr"), std::pair("momentum", "momentum"), std::pair("weight_decay", "weight_decay")}) {
    options += (options.empty() ? "{" : ", ") + std::string(key) + ": " +
               config::format_double(fixture.at(of_fixture).get<double>());
  }
  return config::typed(optimize::optimizer_types(), "sgd", options + "}");
}

void fill(run::Model& model, const Fixture& fixture) {
  fill_by_published_names(*model.segmentor, model.store, fixture.seed, fixture.gain);
  const state::StateEntry* memory = memory_of(model.store);
  if (memory != nullptr && !holds_distributions(model.store)) {
    model.store.assign(memory->name, at::zeros_like(memory->value));
  }
}

}  // namespace

bool TrainingDifference::within() const {
  return largest_loss <= tolerance.losses && gradient_norms <= tolerance.gradient_norms &&
         (!memory || memory->relative <= tolerance.memory);
}

bool TrainingDifferences::within() const {
  return std::all_of(steps.begin(), steps.end(), [](const TrainingDifference& step) { return step.within(); }) &&
         (!final_state || *final_state <= final_tolerance);
}

TrainingRun run_training(run::Model& model, run::Model* single, const Fixture& fixture) {
  fill(model, fixture);
  const Names published = model.segmentor->names(kFormat);
  const config::TypedConfig settings = optimizer_of(fixture.training);
  const auto optimizer = optimize::make_optimizer(model.store, settings, published);
  state::ExecutionContext context(model.store, at::detail::createCPUGenerator(0));
  context.base_learning_rate = optimize::learning_rate_of(settings);

  TrainingRun run;
  for (const nlohmann::json& expected : fixture.training.at("steps")) {
    const Step step = read_step(fixture, expected);
    if (single != nullptr) {
      state::ExecutionContext single_context(single->store, at::detail::createCPUGenerator(0));
      single_context.base_learning_rate = optimize::learning_rate_of(settings);
      copy_state(model.store, single->store);
      run.single.steps.push_back(run_step(*single, single_context, step, published));
    }
    optimizer->zero_grad();
    run.own.steps.push_back(run_step(model, context, step, published));
    optimizer->step(context.learning_rate);
  }
  run.own.final_tolerance = holds_distributions(model.store) ? kLooseFinalState : kFinalState;
  const auto final_state = fixture.training.find("final_state_sum_and_norm");
  if (final_state != fixture.training.end()) compare_final_state(model.store, published, *final_state, run.own);
  return run;
}

}  // namespace sshost::parity
