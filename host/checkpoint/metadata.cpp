#include "checkpoint/metadata.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "base/foreign_json.h"

namespace sshost::checkpoint {
namespace {

using nlohmann::json;

constexpr int64_t kFormatVersion = 1;
constexpr const char* kFormatKey = "sshost.format";
constexpr const char* kKindKey = "sshost.kind";
constexpr const char* kDatasetKey = "sshost.dataset";
constexpr std::string_view kModelKind = "model";
constexpr std::string_view kTrainingKind = "training";

constexpr int64_t kMostSteps = int64_t{1} << 50;  // a microsecond each would take 35 years
constexpr int64_t kMostClasses = 1 << 16;
constexpr int64_t kMostPixels = int64_t{1} << 60;  // of an interval

Metadata make_metadata(std::string_view kind) {
  return {{kFormatKey, std::to_string(kFormatVersion)}, {kKindKey, std::string(kind)}};
}

const std::string& text_of(const Metadata& metadata, const std::string& key, const std::string& name) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw Error(name + ": the checkpoint has no \"" + key + "\" in its metadata");
  return found->second;
}

template <typename Number>
Number number_of(const Metadata& metadata, const std::string& key, const std::string& name) {
  const std::string& text = text_of(metadata, key, name);
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw Error(name + ": \"" + key + "\" in the checkpoint's metadata is not a number: " + text.substr(0, 100));
  }
  return value;
}

int64_t within(int64_t value, int64_t least, int64_t most, const std::string& what, const std::string& name) {
  if (value >= least && value <= most) return value;
  throw Error(name + ": damaged: expected " + what + " of " + std::to_string(least) + " to " + std::to_string(most) +
              ", found " + std::to_string(value));
}

int64_t integer_of(const json& map, const char* key, const std::string& name) {
  const json& value = map.at(key);
  const bool fits = value.is_number_integer() && (!value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX);
  if (fits) return value.get<int64_t>();
  throw Error(name + ": damaged: expected an integer as " + key + ", found " + shown(value));
}

void check_kind(const Metadata& metadata, std::string_view kind, const std::string& name) {
  const auto found = metadata.find(kKindKey);
  if (found == metadata.end() || found->second != kind) {
    throw Error(name + ": not a " + std::string(kind) +
                " checkpoint of sshost. Weights of another program belong under `weights:` of a component, or become a "
                "checkpoint by `sshost weights import`");
  }
  const auto version = number_of<int64_t>(metadata, kFormatKey, name);
  if (version > kFormatVersion) {
    throw Error(name + ": the checkpoint has format " + std::to_string(version) + ", this sshost reads up to " +
                std::to_string(kFormatVersion) + "; use a newer sshost");
  }
}

json parse_metadata(const std::string& text, const std::string& name) try {
  return parse_foreign_json(text);
} catch (const Error& error) {
  throw Error(name + ": the checkpoint's metadata is damaged: " + error.what());
}

// What `read` makes of JSON in the metadata.
template <typename Read>
auto read_json(const std::string& text, const std::string& name, Read&& read) {
  constexpr size_t kMostBytes = 4 << 20;  // parsed, it may take many times as much
  if (text.size() > kMostBytes) throw Error(name + ": the checkpoint's metadata is larger than any of sshost");
  const json value = parse_metadata(text, name);
  try {
    return read(value);
  } catch (const json::exception& error) {
    throw Error(name + ": the checkpoint's metadata is damaged: " + error.what());
  }
}

json to_json(const data::DatasetInfo& dataset) {
  json classes = json::array();
  for (const data::Class& entry : dataset.classes) {
    classes.push_back({{"name", entry.name}, {"color", entry.color}, {"mirrored", entry.mirrored}});
  }
  return {{"classes", classes}, {"ignore_index", dataset.ignore_index}};
}

data::Class class_from(const json& entry, const std::string& name) {
  data::Class result{entry.at("name").get<std::string>(), {}, integer_of(entry, "mirrored", name)};
  const json& color = entry.at("color");
  if (!color.is_array() || color.size() != result.color.size()) {
    throw Error(name + ": damaged: a class has a colour that is no list of three");
  }
  for (size_t i = 0; i < result.color.size(); ++i) {
    const int64_t part = color[i].is_number_integer() ? color[i].get<int64_t>() : -1;
    result.color[i] = static_cast<uint8_t>(within(part, 0, 255, "parts of a class's colour", name));
  }
  return result;
}

data::DatasetInfo dataset_from(const json& value, const std::string& name) {
  data::DatasetInfo dataset{{}, integer_of(value, "ignore_index", name)};
  const json& classes = value.at("classes");
  within(static_cast<int64_t>(classes.size()), 0, kMostClasses, "a number of classes", name);
  for (const json& entry : classes) dataset.classes.push_back(class_from(entry, name));
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

// The sums of the losses of an interval, by their names.
void require_losses(const IntervalSums& sums, const std::string& name) {
  constexpr size_t kMostLosses = 1000;
  const bool are_finite =
      std::all_of(sums.losses.begin(), sums.losses.end(), [](const auto& loss) { return std::isfinite(loss.second); });
  if (sums.losses.size() <= kMostLosses && are_finite) return;
  throw Error(name + ": damaged: expected the losses of an interval, at most " + std::to_string(kMostLosses) +
              " numbers; found " + std::to_string(sums.losses.size()) +
              (are_finite ? "" : ", not all of them numbers"));
}

double seconds_of(const json& value, const char* key, const std::string& name) {
  const auto seconds = value.at(key).get<double>();
  if (seconds >= 0 && seconds <= static_cast<double>(kMostSteps)) return seconds;
  throw Error(name + ": damaged: expected " + key + " of 0 or more, found " + shown(value.at(key)));
}

IntervalSums interval_from(const json& value, int64_t step, const std::string& name) {
  IntervalSums sums;
  sums.steps = within(integer_of(value, "steps", name), 0, step, "steps of an interval", name);
  value.at("losses").get_to(sums.losses);
  require_losses(sums, name);
  sums.seconds = seconds_of(value, "seconds", name);
  sums.loading_seconds = seconds_of(value, "loading_seconds", name);
  value.at("class_pixels").get_to(sums.class_pixels);
  within(static_cast<int64_t>(sums.class_pixels.size()), 0, kMostClasses, "a number of classes", name);
  for (const int64_t pixels : sums.class_pixels) within(pixels, 0, kMostPixels, "a number of pixels", name);
  sums.ignored_pixels = within(integer_of(value, "ignored_pixels", name), 0, kMostPixels, "a number of pixels", name);
  return sums;
}

// JSON has no NaN, which is null there.
json progress_of(const TrainingNumbers& numbers) {
  json scores = json::array();
  for (const Score& score : numbers.scores) scores.push_back({{"step", score.step}, {"mean_iou", score.mean_iou}});
  return {{"average_updates", numbers.average_updates},
          {"scores", scores},
          {"loss_scale", numbers.loss_scale},
          {"loss_scale_steps", numbers.loss_scale_steps},
          {"interval", to_json(numbers.interval)}};
}

Score score_from(const json& value, int64_t step, const std::string& name) {
  Score score{within(integer_of(value, "step", name), 0, step, "the step of an evaluation", name), NAN};
  const json& mean_iou = value.at("mean_iou");
  if (mean_iou.is_null()) return score;
  score.mean_iou = mean_iou.get<double>();
  if (score.mean_iou >= 0 && score.mean_iou <= 1) return score;
  throw Error(name + ": damaged: expected a mean IoU of 0 to 1, found " + shown(mean_iou));
}

void read_progress(const json& progress, TrainingNumbers& numbers, const std::string& name) {
  numbers.average_updates =
      within(integer_of(progress, "average_updates", name), 0, kMostSteps, "a number of averaged steps", name);
  for (const json& score : progress.at("scores")) numbers.scores.push_back(score_from(score, numbers.step, name));
  numbers.loss_scale = progress.at("loss_scale").get<double>();
  if (!(numbers.loss_scale >= 0 && numbers.loss_scale <= std::numeric_limits<float>::max())) {
    throw Error(name + ": damaged: expected a loss scale of 0 or more, found " + shown(progress.at("loss_scale")));
  }
  numbers.loss_scale_steps =
      within(integer_of(progress, "loss_scale_steps", name), 0, kMostSteps, "steps since the loss scale changed", name);
  if (const auto interval = progress.find("interval"); interval != progress.end()) {
    numbers.interval = interval_from(*interval, numbers.step, name);
  }
}

}  // namespace

Metadata to_metadata(const CheckpointInfo& info) {
  Metadata metadata = make_metadata(kModelKind);
  metadata["sshost.pipeline"] = info.pipeline;
  metadata[kDatasetKey] = to_json(info.dataset).dump();
  metadata["sshost.plugins"] = json(info.plugins).dump();
  metadata["sshost.libraries"] = json(info.libraries).dump();
  if (!info.samples.empty()) metadata["sshost.samples"] = info.samples;
  metadata["sshost.step"] = std::to_string(info.step);
  return metadata;
}

Metadata to_metadata(const TrainingNumbers& numbers) {
  Metadata metadata = make_metadata(kTrainingKind);
  metadata["sshost.progress"] = progress_of(numbers).dump();
  metadata["sshost.step"] = std::to_string(numbers.step);
  metadata["sshost.epoch"] = std::to_string(numbers.epoch);
  metadata["sshost.batch"] = std::to_string(numbers.batch);
  metadata["sshost.seed"] = std::to_string(numbers.seed);
  return metadata;
}

CheckpointInfo read_checkpoint_info(const Metadata& metadata, const std::string& name) {
  check_kind(metadata, kModelKind, name);
  CheckpointInfo info;
  info.pipeline = text_of(metadata, "sshost.pipeline", name);
  info.step = within(number_of<int64_t>(metadata, "sshost.step", name), 0, kMostSteps, "a number of steps", name);
  info.dataset = read_json(text_of(metadata, kDatasetKey, name), name,
                           [&](const json& dataset) { return dataset_from(dataset, name); });
  info.plugins = read_json(text_of(metadata, "sshost.plugins", name), name,
                           [](const json& plugins) { return plugins.get<std::map<std::string, std::string>>(); });
  if (const auto libraries = metadata.find("sshost.libraries"); libraries != metadata.end()) {
    info.libraries = read_json(libraries->second, name,
                               [](const json& paths) { return paths.get<std::map<std::string, std::string>>(); });
  }
  if (const auto samples = metadata.find("sshost.samples"); samples != metadata.end()) info.samples = samples->second;
  return info;
}

TrainingNumbers read_training_numbers(const Metadata& metadata, const std::string& name) {
  check_kind(metadata, kTrainingKind, name);
  const auto number = [&](const char* key, int64_t least, const std::string& what) {
    return within(number_of<int64_t>(metadata, key, name), least, kMostSteps, what, name);
  };
  TrainingNumbers numbers;
  numbers.step = number("sshost.step", 0, "a number of steps");
  numbers.epoch = number("sshost.epoch", 1, "an epoch");
  numbers.batch = number("sshost.batch", 0, "a batch of the epoch");
  numbers.seed = number_of<uint64_t>(metadata, "sshost.seed", name);
  const auto progress = metadata.find("sshost.progress");  // files of earlier versions have none
  if (progress == metadata.end()) return numbers;
  read_json(progress->second, name, [&](const json& value) {
    read_progress(value, numbers, name);
    return true;
  });
  return numbers;
}

bool are_numbered(const std::vector<data::Class>& classes) {
  for (size_t i = 0; i < classes.size(); ++i) {
    if (classes[i].name != std::to_string(i)) return false;
  }
  return true;
}

std::vector<data::Class> named_classes(const Metadata& metadata, const std::string& name) {
  const auto found = metadata.find(kDatasetKey);
  if (found == metadata.end()) return {};
  data::DatasetInfo dataset =
      read_json(found->second, name, [&](const json& value) { return dataset_from(value, name); });
  return are_numbered(dataset.classes) ? std::vector<data::Class>() : std::move(dataset.classes);
}

}  // namespace sshost::checkpoint
