#include "report/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sshost::report {
namespace {

constexpr auto kBetweenDrawings = std::chrono::milliseconds(100);
constexpr double kBetweenLines = 5;  // seconds
constexpr int kBarWidth = 24;
constexpr double kKept = 0.95;  // of the pace's memory, at each step

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[96];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

double fraction_of(int64_t done, int64_t total) {
  return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
}

std::string counted(int64_t done, int64_t total) { return std::to_string(done) + "/" + std::to_string(total); }

std::string rate(double images, double seconds) {
  return seconds > 0 ? format("%.3g images/s", images / seconds) : "- images/s";
}

std::string left(int64_t count, double pace) { return pace > 0 ? clock_time(static_cast<double>(count) * pace) : "-"; }

std::string losses_of(const TrainingStatus& status) {
  std::string out = format("loss %.4f", status.loss);
  if (status.losses.size() < 2) return out;
  for (size_t i = 0; i < status.losses.size(); ++i) {
    out += (i == 0 ? " (" : ", ") + status.losses[i].first + format(" %.4f", status.losses[i].second);
  }
  return out + ")";
}

double images_pace(const EvaluationStatus& status) {
  return status.done > 0 ? status.seconds / static_cast<double>(status.done) : 0;
}

}  // namespace

void Recent::add(double value) {
  sum_ = kKept * sum_ + value;
  weight_ = kKept * weight_ + 1;
}

std::string clock_time(double seconds) {
  const int64_t whole = std::isfinite(seconds) ? std::llround(std::max(0.0, seconds)) : 0;
  const auto minutes = static_cast<int>(whole / 60 % 60), rest = static_cast<int>(whole % 60);
  if (whole < 3600) return format("%d:%02d", minutes, rest);
  return format("%lld:%02d:%02d", static_cast<long long>(whole / 3600), minutes, rest);
}

std::string bar(double fraction, int width) {
  const int halves = static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * 2 * width));
  std::string out;
  for (int i = 0; i < width; ++i) out += 2 * i + 1 < halves ? "━" : 2 * i < halves ? "╸" : " ";
  return out;
}

std::string training_bar(const TrainingStatus& status, double pace) {
  const double fraction = fraction_of(status.step, status.steps);
  return "train " + bar(fraction, kBarWidth) + format(" %3.0f%%  ", std::floor(100 * fraction)) +
         counted(status.step, status.steps) + "  " + rate(static_cast<double>(status.images), pace) + "  ETA " +
         left(status.steps - status.step, pace) + "  " + losses_of(status);
}

std::string training_line(const TrainingStatus& status, double pace) {
  std::string line = "step " + counted(status.step, status.steps) + "  epoch " + counted(status.epoch, status.epochs) +
                     "  " + losses_of(status) + format("  lr %.3g  ", status.learning_rate) +
                     rate(static_cast<double>(status.images), pace) + "  ETA " + left(status.steps - status.step, pace);
  // Worth a word only where the data keeps the model waiting.
  const double waiting = status.seconds > 0 ? status.loading_seconds / status.seconds : 0;
  return waiting > 0.1 ? line + format("  waiting for data %.0f%%", 100 * waiting) : line;
}

std::string evaluation_bar(const EvaluationStatus& status) {
  const double fraction = fraction_of(status.done, status.total);
  return "evaluate " + bar(fraction, kBarWidth) + format(" %3.0f%%  ", std::floor(100 * fraction)) +
         counted(status.done, status.total) + "  " + rate(static_cast<double>(status.done), status.seconds) + "  ETA " +
         left(status.total - status.done, images_pace(status));
}

std::string evaluation_line(const EvaluationStatus& status) {
  return "evaluated " + counted(status.done, status.total) + " images  " +
         rate(static_cast<double>(status.done), status.seconds) + "  ETA " +
         left(status.total - status.done, images_pace(status));
}

void Progress::step(const TrainingStatus& status) {
  pace_.add(status.seconds);
  loss_.add(status.loss);
  TrainingStatus shown = status;  // a single step's loss says little, and its terms are in the lines
  shown.loss = loss_.mean();
  shown.losses.clear();
  if (is_time_to_draw() || status.step == status.steps) console_.status(training_bar(shown, pace_.mean()));
}

void Progress::image(const EvaluationStatus& status) {
  if (is_time_to_draw() || status.done == status.total) console_.status(evaluation_bar(status));
}

std::string EvaluationLines::add(const EvaluationStatus& status) {
  const int64_t tenth = status.total > 0 ? 10 * status.done / status.total : 0;
  if (status.done <= 1) last_tenth_ = 0, last_line_ = 0;  // another evaluation
  if (tenth == last_tenth_ || status.seconds - last_line_ < kBetweenLines) return "";
  last_tenth_ = tenth;
  last_line_ = status.seconds;
  return evaluation_line(status);
}

bool Progress::is_time_to_draw() {
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < kBetweenDrawings) return false;
  drawn_ = now;
  return true;
}

}  // namespace sshost::report
