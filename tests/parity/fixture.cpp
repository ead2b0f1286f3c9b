#include "parity/fixture.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros_like.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "checkpoint/safetensors.h"
#include "engine/optimizer.h"
#include "error.h"
#include "parity/deterministic.h"

namespace sshost::parity {
namespace {

// A gradient this small beside the largest one is rounding: batch norms over constant maps have none at all.
constexpr double kNoise = 1e-6;

constexpr const char* kFormat = "sssegmentation";

constexpr double kGain = 5.0;  // where a fixture does not name one

std::uint64_t seed_of(const checkpoint::TensorFile& file) { return std::stoull(file.metadata.at("seed")); }

double gain_of(const checkpoint::TensorFile& file) {
  const auto found = file.metadata.find("gain");
  return found == file.metadata.end() ? kGain : std::stod(found->second);
}

std::int64_t size_of(const checkpoint::TensorFile& file, const std::string& axis) {
  return std::stoll(file.metadata.at(axis));
}

model::ExecutionContext context_for(model::StateStore& store) {
  return model::ExecutionContext(store, at::detail::createCPUGenerator(0));
}

double relative(double found, double expected) { return std::abs(found - expected) / std::abs(expected); }

// The fixtures name losses as the published implementation logs them.
std::string loss_key(const std::string& published) {
  static const std::map<std::string, std::string> keys = {{"loss_aux", "loss.auxiliary.0"},
                                                          {"loss_cls", "loss.main"},
                                                          {"loss_cls_stage1", "loss.memory.coarse"},
                                                          {"loss_cls_stage2", "loss.main"},
                                                          {"loss_memory", "loss.memory.consistency"}};
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

std::map<std::string, double> compare_losses(const std::map<std::string, double>& found,
                                             const nlohmann::json& expected) {
  std::map<std::string, double> differences;
  for (const auto& [name, value] : expected.items()) {
    const auto ours = found.find(loss_key(name));
    if (ours == found.end()) throw Error("no loss " + loss_key(name) + " for the fixture's " + name);
    differences[name] = relative(ours->second, value.get<double>());
  }
  return differences;
}

void compare_gradients(const model::StateStore& store, const std::map<std::string, std::string>& published,
                       const nlohmann::json& expected, TrainingDifference& difference) {
  double largest = 0;
  for (const auto& [name, norm] : expected.items()) largest = std::max(largest, norm.get<double>());
  std::size_t compared = 0;
  for (const model::StateEntry& entry : store) {
    const auto norm = entry.trainable ? expected.find(published.at(entry.name)) : expected.end();
    if (norm == expected.end()) continue;
    ++compared;
    const double found = at::linalg_vector_norm(entry.value.grad()).item<double>();
    const double deviation = std::abs(found - norm->get<double>()) / std::max(norm->get<double>(), kNoise * largest);
    if (deviation <= difference.gradient_norms) continue;
    difference.gradient_norms = deviation;
    difference.worst_gradient = norm.key();
  }
  if (compared != expected.size()) {
    throw Error("the fixture has " + std::to_string(expected.size()) + " gradients, the model " +
                std::to_string(compared) + " of them");
  }
}

const model::StateEntry& memory_of(const model::StateStore& store) {
  const model::StateEntry* memory = store.find("memory.memory");
  if (memory == nullptr) throw Error("the model has no memory.memory");
  return *memory;
}

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(path.string() + ": cannot be read");
  return nlohmann::json::parse(file);
}

// One step of the fixture.
struct Step {
  at::Tensor images;  // float32
  at::Tensor labels;
  at::Tensor memory;  // after it
  nlohmann::json expected;
};

Step read_step(const checkpoint::TensorFile& file, const nlohmann::json& expected) {
  const std::string k = std::to_string(expected["step"].get<int>());
  const at::Tensor labels = *file.find("labels." + k);
  const std::vector<std::int64_t> sizes = {labels.size(0), 3, labels.size(1), labels.size(2)};
  return {deterministic_image("input." + k, sizes, seed_of(file)), labels, *file.find("memory." + k), expected};
}

// Forward, memory update, losses and backward, which leaves the gradients in the store.
TrainingDifference run_step(const engine::Model& model, model::ExecutionContext& context, const Step& step) {
  context.training = true;
  context.step = step.expected["step"];
  context.epoch = step.expected["epoch"];
  context.learning_rate = step.expected["lr"];
  const model::TrainingStep result =
      model.segmentor->training_losses(context, step.images.to(model.store.dtype()), step.labels);
  at::Tensor total;
  for (const model::LossTerm& loss : result.losses) total = total.defined() ? total + loss.value : loss.value;
  total.backward();

  TrainingDifference difference;
  difference.losses = compare_losses(values_of(result.losses), step.expected["losses"]);
  compare_gradients(model.store, model.segmentor->names(kFormat), step.expected["grad_norm"], difference);
  difference.memory = compare(memory_of(model.store).value, step.memory).relative;
  return difference;
}

void copy_state(const model::StateStore& from, model::StateStore& to) {
  for (const model::StateEntry& entry : from) {
    to.assign(entry.name, entry.value.detach());
    if (entry.trainable) to.find(entry.name)->value.mutable_grad().reset();
  }
}

config::OptimizerConfig optimizer_of(const nlohmann::json& fixture) {
  config::OptimizerConfig settings;
  settings.lr = fixture["base_lr"];
  settings.momentum = fixture["momentum"];
  settings.weight_decay = fixture["weight_decay"];
  return settings;
}

}  // namespace

void fill_by_published_names(const model::Segmentor& segmentor, model::StateStore& store, std::uint64_t seed,
                             double gain) {
  const std::map<std::string, std::string> names = segmentor.names(kFormat);
  for (const model::StateEntry& entry : store) {
    if (!entry.persistent) continue;
    const auto published = names.find(entry.name);
    if (published == names.end()) throw Error(entry.name + " has no published name");
    store.assign(entry.name, deterministic_state(published->second, entry.value.sizes(), seed, gain));
  }
}

std::int64_t classes_of(const std::filesystem::path& fixture) {
  const checkpoint::TensorFile file = checkpoint::read_safetensors(fixture);
  const at::Tensor* logits = file.find("seg_logits");
  if (logits != nullptr) return logits->size(1);
  const at::Tensor* memory = file.find("memory.0");
  if (memory == nullptr) throw Error(fixture.string() + ": holds neither seg_logits nor memory.0");
  return memory->size(0);
}

Difference compare(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) {
    throw Error("expected the shape " + c10::str(expected.sizes()) + ", found " + c10::str(found.sizes()));
  }
  const at::Tensor a = found.to(at::kDouble), b = expected.to(at::kDouble);
  Difference difference;
  difference.max_absolute = (a - b).abs().max().item<double>();
  difference.relative = difference.max_absolute / b.abs().max().item<double>();
  difference.argmax_equal = a.argmax(1).equal(b.argmax(1));
  return difference;
}

Difference run_forward(const model::Segmentor& segmentor, model::StateStore& store,
                       const std::filesystem::path& fixture) {
  const checkpoint::TensorFile file = checkpoint::read_safetensors(fixture);
  fill_by_published_names(segmentor, store, seed_of(file), gain_of(file));
  const at::Tensor image =
      deterministic_image("input", {1, 3, size_of(file, "height"), size_of(file, "width")}, seed_of(file));
  model::ExecutionContext context = context_for(store);
  const at::NoGradGuard no_grad;
  return compare(segmentor.logits(context, image.to(store.dtype())), *file.find("seg_logits"));
}

TrainingDifferences run_training(engine::Model& model, engine::Model& single, const std::filesystem::path& fixture) {
  const checkpoint::TensorFile file = checkpoint::read_safetensors(fixture);
  const nlohmann::json expected = read_json(std::filesystem::path(fixture).replace_extension(".json"));
  fill_by_published_names(*model.segmentor, model.store, seed_of(file), gain_of(file));
  model.store.assign("memory.memory", at::zeros_like(memory_of(model.store).value));

  const config::OptimizerConfig settings = optimizer_of(expected);
  engine::Sgd optimizer(model.store, settings, model.segmentor->names(kFormat));
  model::ExecutionContext context = context_for(model.store), single_context = context_for(single.store);
  context.base_learning_rate = single_context.base_learning_rate = settings.lr;

  TrainingDifferences differences;
  for (const nlohmann::json& expected_step : expected["steps"]) {
    const Step step = read_step(file, expected_step);
    copy_state(model.store, single.store);
    differences.from_states.push_back(run_step(single, single_context, step));
    optimizer.zero_grad();
    differences.steps.push_back(run_step(model, context, step));
    optimizer.step(context.learning_rate);
  }
  return differences;
}

}  // namespace sshost::parity
