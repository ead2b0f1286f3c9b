#include "checkpoint/checkpoint.h"

#include <ATen/ATen.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/tensor_index.h"
#include "checkpoint/weights_import.h"

namespace sshost::checkpoint {
namespace {

using nlohmann::json;

constexpr int64_t kFormatVersion = 1;
constexpr const char* kFormatKey = "sshost.format";
constexpr const char* kKindKey = "sshost.kind";
constexpr std::string_view kModelKind = "model";
constexpr std::string_view kTrainingKind = "training";
constexpr std::string_view kOptimizerPrefix = "optimizer.";
constexpr std::string_view kGeneratorPrefix = "generator.";
constexpr std::string_view kWeightsPrefix = "weights.";

using Metadata = std::map<std::string, std::string>;

Metadata make_metadata(std::string_view kind) {
  return {{kFormatKey, std::to_string(kFormatVersion)}, {kKindKey, std::string(kind)}};
}

const std::string& text_of(const Metadata& metadata, const std::string& key, const std::filesystem::path& path) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw Error(path.string() + ": the checkpoint has no \"" + key + "\" in its metadata");
  return found->second;
}

template <typename Number>
Number number_of(const Metadata& metadata, const std::string& key, const std::filesystem::path& path) {
  const std::string& text = text_of(metadata, key, path);
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(path.string() + ": \"" + key + "\" in the checkpoint's metadata is not a number: " + text);
  }
  return value;
}

void check_kind(const Metadata& metadata, std::string_view kind, const std::filesystem::path& path) {
  const auto found = metadata.find(kKindKey);
  if (found == metadata.end() || found->second != kind) {
    throw Error(path.string() + ": not a " + std::string(kind) +
                " checkpoint of sshost. Weights of another program belong under `weights:` of a component, or become a "
                "checkpoint by `sshost weights import`");
  }
  const auto version = number_of<int64_t>(metadata, kFormatKey, path);
  if (version > kFormatVersion) {
    throw Error(path.string() + ": the checkpoint has format " + std::to_string(version) +
                ", this sshost reads up to " + std::to_string(kFormatVersion) + "; use a newer sshost");
  }
}

json to_json(const data::DatasetInfo& dataset) {
  json classes = json::array();
  for (const data::Class& entry : dataset.classes) {
    classes.push_back({{"name", entry.name}, {"color", entry.color}, {"mirrored", entry.mirrored}});
  }
  return {{"classes", classes}, {"ignore_index", dataset.ignore_index}};
}

data::DatasetInfo dataset_from(const json& value) {
  data::DatasetInfo dataset;
  dataset.ignore_index = value.at("ignore_index").get<int64_t>();
  for (const json& entry : value.at("classes")) {
    dataset.classes.push_back({entry.at("name").get<std::string>(), entry.at("color").get<std::array<uint8_t, 3>>(),
                               entry.at("mirrored").get<int64_t>()});
  }
  return dataset;
}

json to_json(const IntervalSums& sums) {
  return {{"steps", sums.steps},
          {"losses", sums.losses},
          {"seconds", sums.seconds},
          {"loading_seconds", sums.loading_seconds},
          {"class_pixels", sums.class_pixels},
          {"ignored_pixels", sums.ignored_pixels}};
}

IntervalSums interval_from(const json& value) {
  IntervalSums sums;
  sums.steps = value.at("steps").get<int64_t>();
  value.at("losses").get_to(sums.losses);
  sums.seconds = value.at("seconds").get<double>();
  sums.loading_seconds = value.at("loading_seconds").get<double>();
  value.at("class_pixels").get_to(sums.class_pixels);
  sums.ignored_pixels = value.at("ignored_pixels").get<int64_t>();
  return sums;
}

// What a training keeps beside its tensors; JSON has no NaN, which is null there.
json progress_of(const TrainingState& state) {
  json scores = json::array();
  for (const Score& score : state.scores) scores.push_back({{"step", score.step}, {"mean_iou", score.mean_iou}});
  return {{"average_updates", state.average_updates},
          {"scores", scores},
          {"loss_scale", state.loss_scale},
          {"loss_scale_steps", state.loss_scale_steps},
          {"interval", to_json(state.interval)}};
}

// Files of earlier versions have none.
void read_progress(const Metadata& metadata, const std::filesystem::path& path, TrainingState& state) try {
  const auto found = metadata.find("sshost.progress");
  if (found == metadata.end()) return;
  const json progress = json::parse(found->second);
  state.average_updates = progress.at("average_updates").get<int64_t>();
  for (const json& score : progress.at("scores")) {
    const json& mean_iou = score.at("mean_iou");
    state.scores.push_back({score.at("step").get<int64_t>(), mean_iou.is_null() ? NAN : mean_iou.get<double>()});
  }
  state.loss_scale = progress.at("loss_scale").get<double>();
  state.loss_scale_steps = progress.at("loss_scale_steps").get<int64_t>();
  if (const auto interval = progress.find("interval"); interval != progress.end()) {
    state.interval = interval_from(*interval);
  }
} catch (const json::exception& error) {
  throw Error(path.string() + ": the checkpoint's metadata is damaged: " + error.what());
}

// The tensors whose names begin with `prefix`, without it.
std::vector<std::pair<std::string, at::Tensor>> under(const TensorFile& file, std::string_view prefix) {
  std::vector<std::pair<std::string, at::Tensor>> found;
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) found.emplace_back(name.substr(prefix.size()), tensor);
  }
  return found;
}

}  // namespace

void save_model(const std::filesystem::path& path, const state::StateStore& store, const CheckpointInfo& info) {
  TensorFile file{{}, make_metadata(kModelKind)};
  for (const state::StateEntry& entry : store) {
    if (entry.persistent) file.tensors.emplace_back(entry.name, entry.value);
  }
  file.metadata["sshost.pipeline"] = info.pipeline;
  file.metadata["sshost.dataset"] = to_json(info.dataset).dump();
  file.metadata["sshost.plugins"] = json(info.plugins).dump();
  file.metadata["sshost.libraries"] = json(info.libraries).dump();
  file.metadata["sshost.step"] = std::to_string(info.step);
  write_safetensors(path, file);
}

void save_training_state(const std::filesystem::path& path, const TrainingState& state) {
  TensorFile file{{}, make_metadata(kTrainingKind)};
  for (const auto& [name, tensor] : state.optimizer) {
    file.tensors.emplace_back(std::string(kOptimizerPrefix) + name, tensor);
  }
  for (const auto& [name, tensor] : state.generators) {
    file.tensors.emplace_back(std::string(kGeneratorPrefix) + name, tensor);
  }
  for (const auto& [name, tensor] : state.weights) {
    file.tensors.emplace_back(std::string(kWeightsPrefix) + name, tensor);
  }
  file.metadata["sshost.progress"] = progress_of(state).dump();
  file.metadata["sshost.step"] = std::to_string(state.step);
  file.metadata["sshost.epoch"] = std::to_string(state.epoch);
  file.metadata["sshost.batch"] = std::to_string(state.batch);
  file.metadata["sshost.seed"] = std::to_string(state.seed);
  write_safetensors(path, file);
}

std::filesystem::path training_state_path(const std::filesystem::path& model_path) {
  std::filesystem::path path = model_path;
  return path.replace_extension(".train.safetensors");
}

CheckpointInfo read_checkpoint_info(const std::filesystem::path& path) {
  const Metadata metadata = read_tensor_index(FileSource(path)).metadata;  // a .pth has none
  check_kind(metadata, kModelKind, path);
  CheckpointInfo info;
  info.pipeline = text_of(metadata, "sshost.pipeline", path);
  info.step = number_of<int64_t>(metadata, "sshost.step", path);
  try {
    info.dataset = dataset_from(json::parse(text_of(metadata, "sshost.dataset", path)));
    info.plugins = json::parse(text_of(metadata, "sshost.plugins", path)).get<std::map<std::string, std::string>>();
    if (const auto libraries = metadata.find("sshost.libraries"); libraries != metadata.end()) {
      info.libraries = json::parse(libraries->second).get<std::map<std::string, std::string>>();
    }
  } catch (const json::exception& error) {
    throw Error(path.string() + ": the checkpoint's metadata is damaged: " + error.what());
  }
  return info;
}

void load_model(const std::filesystem::path& path, state::StateStore& store) {
  const TensorFile file = read_tensor_file(path);
  check_kind(file.metadata, kModelKind, path);
  const ImportRequest request{"checkpoint " + path.string(), "", std::string(kOwnNames), {}};
  if (const auto unknown = unknown_names(store, file); !unknown.empty()) {
    throw Error("checkpoint " + path.string() + " is of another model: this one has no \"" + unknown.front() + "\"" +
                (unknown.size() > 1 ? " and " + std::to_string(unknown.size() - 1) + " more of its tensors" : ""));
  }
  import_weights(store, file, request);
}

TrainingState load_training_state(const std::filesystem::path& path) {
  const TensorFile file = read_tensor_file(path);
  check_kind(file.metadata, kTrainingKind, path);
  TrainingState state;
  state.step = number_of<int64_t>(file.metadata, "sshost.step", path);
  state.epoch = number_of<int64_t>(file.metadata, "sshost.epoch", path);
  state.batch = number_of<int64_t>(file.metadata, "sshost.batch", path);
  state.seed = number_of<uint64_t>(file.metadata, "sshost.seed", path);
  state.optimizer = under(file, kOptimizerPrefix);
  state.generators = under(file, kGeneratorPrefix);
  state.weights = under(file, kWeightsPrefix);
  read_progress(file.metadata, path, state);
  return state;
}

}  // namespace sshost::checkpoint
