#include "report/history.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace sshost::report {
namespace {

// JSON has no NaN: what is not defined is null there.
double number_at(const nlohmann::json& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_number() ? NAN : found->get<double>();
}

bool is_kind(const nlohmann::json& line, const char* kind) {
  return line.is_object() && line.value("kind", "") == kind;
}

void append(std::vector<Series>& all, const std::string& name, Point point) {
  auto series = std::find_if(all.begin(), all.end(), [&](const Series& candidate) { return candidate.name == name; });
  if (series == all.end()) series = all.insert(all.end(), Series{name, {}});
  series->points.push_back(point);
}

double median(std::vector<double> values) {
  if (values.empty()) return NAN;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void append_losses(const nlohmann::json& line, double step, std::vector<Series>& losses) {
  append(losses, "total", {step, number_at(line, "loss")});
  const auto terms = line.find("losses");
  if (terms == line.end() || terms->size() < 2) return;  // a single term is the total
  for (const auto& [key, value] : terms->items()) {
    const std::string_view prefix = "loss.";  // the chart says so already
    const std::string name = key.rfind(prefix, 0) == 0 ? key.substr(prefix.size()) : key;
    append(losses, name, {step, number_at(*terms, key.c_str())});
  }
}

// Adds up what the lines counted, as long as they counted the same classes.
void add_pixels(const nlohmann::json& line, TrainingHistory& history) {
  const auto pixels = line.value("class_pixels", std::vector<int64_t>{});
  if (history.class_pixels.empty()) history.class_pixels.resize(pixels.size());
  if (pixels.size() != history.class_pixels.size()) return;
  for (size_t i = 0; i < pixels.size(); ++i) history.class_pixels[i] += pixels[i];
  history.ignored_pixels += line.value("ignored_pixels", int64_t{0});
}

[[noreturn]] void fail(const nlohmann::json::exception& error) {
  throw Error(std::string("a line of its metrics is not what a run writes: ") + error.what());
}

evaluate::MetricValues values_at(const nlohmann::json& entry) {
  evaluate::MetricValues values;
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    values.emplace(metric.name, number_at(entry, std::string(metric.name)));
  }
  return values;
}

}  // namespace

std::optional<TrainingHistory> read_history(const std::vector<nlohmann::json>& lines) try {
  TrainingHistory history;
  history.learning_rate.name = "learning rate";
  history.mean_iou.name = "mean IoU";
  std::vector<double> seconds, images;
  for (const nlohmann::json& line : lines) {
    const double step = number_at(line, "step");
    if (is_kind(line, "evaluate")) history.mean_iou.points.push_back({step, number_at(line, "mean_iou")});
    if (!is_kind(line, "train")) continue;
    append_losses(line, step, history.losses);
    add_pixels(line, history);
    history.learning_rate.points.push_back({step, number_at(line, "learning_rate")});
    history.steps = std::max(history.steps, static_cast<int64_t>(step));
    seconds.push_back(number_at(line, "seconds"));
    images.push_back(number_at(line, "images"));
  }
  if (seconds.empty()) return std::nullopt;
  history.step_seconds = median(seconds);
  history.images_per_second = median(images) / history.step_seconds;
  return history;
} catch (const nlohmann::json::exception& error) {
  fail(error);
}

std::optional<Scores> read_scores(const std::vector<nlohmann::json>& lines,
                                  const std::vector<std::array<uint8_t, 3>>& colors) try {
  const auto found =
      std::find_if(lines.rbegin(), lines.rend(), [](const auto& line) { return is_kind(line, "evaluate"); });
  if (found == lines.rend()) return std::nullopt;
  const nlohmann::json& line = *found;
  Scores scores{number_at(line, "mean_iou"),      number_at(line, "mean_accuracy"), number_at(line, "pixel_accuracy"),
                line.value("images", int64_t{0}), number_at(line, "seconds"),       {}};
  for (const evaluate::Metric& metric : evaluate::metrics()) {
    scores.means.emplace(metric.name, number_at(line, "mean_" + std::string(metric.name)));
  }
  scores.beta = line.value("beta", 1.0);
  scores.of_one_class = line.contains("only_class");
  const nlohmann::json means = line.value("mean_ious", nlohmann::json::object());
  scores.mean_ious = {number_at(means, "with_union"), number_at(means, "with_truth"), number_at(means, "empty_as_one"),
                      number_at(means, "empty_as_zero")};
  scores.confusion = line.value("confusion", std::vector<std::vector<int64_t>>{});
  scores.ignored_pixels = line.value("ignored_pixels", int64_t{0});
  for (const nlohmann::json& entry : line.value("classes", nlohmann::json::array())) {
    const size_t index = scores.classes.size();
    scores.classes.push_back({entry.value("name", std::to_string(index)),
                              index < colors.size() ? colors[index] : std::array<uint8_t, 3>{}, number_at(entry, "iou"),
                              number_at(entry, "accuracy"), entry.value("pixels", int64_t{0}), values_at(entry),
                              entry.value("known", int64_t{0})});
  }
  return scores;
} catch (const nlohmann::json::exception& error) {
  fail(error);
}

}  // namespace sshost::report
