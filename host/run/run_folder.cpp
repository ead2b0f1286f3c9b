#include "run/run_folder.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/foreign_json.h"
#include "base/utf8.h"
#include "checkpoint/checkpoint.h"
#include "config/parse_yaml.h"
#include "file/append_file.h"
#include "file/atomic_file.h"
#include "file/lines.h"
#include "file/regular_file.h"
#include "run/own_contents.h"

namespace sshost::run {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStepPrefix = "step-";
constexpr std::string_view kModelSuffix = ".safetensors";

std::string numbered(std::string_view name, int64_t number, int digits) {
  std::string text = std::to_string(number);
  if (static_cast<int>(text.size()) < digits) text.insert(0, static_cast<size_t>(digits) - text.size(), '0');
  return std::string(name) + text;
}

void make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error("cannot make the folder " + path.string() + ": " + error.message());
}

// The path stands in checkpoints, reports and event files, all of which are UTF-8.
void require_utf8(const fs::path& path) {
  if (is_utf8(path.string())) return;
  throw UsageError("output: " + path.string() + " is not UTF-8 text; name another folder by --output");
}

// Makes the first "<name>-NNN" that does not exist: making it is what claims the number.
fs::path claim_numbered(const fs::path& parent, std::string_view name) {
  make_folders(parent);
  for (int64_t number = 1;; ++number) {
    fs::path path = parent / numbered(std::string(name) + "-", number, 3);
    std::error_code error;
    if (fs::create_directory(path, error)) return path;
    if (error) throw Error("cannot make the folder " + path.string() + ": " + error.message());
  }
}

// The number in a name that is nothing else between the prefix and the suffix.
std::optional<int64_t> number_in(std::string_view name, std::string_view prefix, std::string_view suffix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  if (!name.ends_with(suffix)) return std::nullopt;
  name.remove_suffix(suffix.size());
  int64_t number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || stop != name.data() + name.size()) return std::nullopt;
  return number;
}

std::vector<int64_t> model_steps(const fs::path& folder) {
  std::vector<int64_t> steps;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto step = number_in(entry.path().filename().string(), kStepPrefix, kModelSuffix);
    if (step) steps.push_back(*step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

// Calls `take(text, object)` for each line of the metrics that is one.
template <typename Take>
void for_each_line(const fs::path& metrics, const Take& take) {
  constexpr size_t kLongestLine = size_t{1} << 26;  // the confusion of some thousand classes
  if (!fs::exists(metrics)) return;
  file::read_lines(metrics, kLongestLine, [&](std::string_view text) {
    nlohmann::json line;
    try {
      line = parse_foreign_json(text);
    } catch (const Error&) {
      return;  // half a line, which a killed run left
    }
    if (line.is_object()) take(text, std::move(line));
  });
}

int64_t step_of(const nlohmann::json& line) {
  const auto step = line.find("step");
  return step != line.end() && step->is_number_integer() ? step->get<int64_t>() : 0;
}

bool is_evaluation(const nlohmann::json& line) {
  const auto kind = line.find("kind");
  return kind != line.end() && *kind == "evaluate";
}

// Whether a folder holds a run that trains, as far as its pipeline says.
bool holds_a_training(const fs::path& folder) {
  config::Problems ignored;
  try {
    const std::string text = file::read_file(folder / "pipeline.yaml", config::kLongestYaml);
    const config::Node pipeline = config::parse_yaml(text, "pipeline.yaml", "", ignored);
    const config::Node* run = pipeline.find("run");
    if (run == nullptr || !run->is_list()) return true;
    return std::any_of(run->items.begin(), run->items.end(),
                       [](const config::Node& step) { return step.is_scalar() && step.scalar == "train"; });
  } catch (const file::UnreadableFile&) {
    return false;
  } catch (const config::SyntaxError&) {
    return true;  // whoever goes on in it is told
  }
}

}  // namespace

RunFolder RunFolder::create(const fs::path& output, std::string_view name) {
  if (!output.empty()) require_no_run(output);
  require_utf8(output.empty() ? fs::absolute("runs") / name : fs::absolute(output));
  RunFolder folder(output.empty() ? claim_numbered(fs::absolute("runs"), name) : fs::absolute(output));
  require_own_contents(folder);
  make_folders(folder.checkpoints());
  folder.lock();
  require_no_run(folder.path());  // another one may have begun since
  return folder;
}

void RunFolder::require_no_run(const fs::path& path) {
  if (!fs::exists(path / "pipeline.yaml")) return;
  const bool can_go_on = RunFolder(path).newest_checkpoint().has_value();
  throw UsageError("output: " + path.string() + " already holds a run" +
                   (can_go_on ? "; go on with it by `train.resume: true`, or name another folder"
                              : ", without a checkpoint to go on from; remove it, or name another folder"));
}

void RunFolder::lock() { lock_ = std::make_shared<file::FolderLock>(path_); }

RunFolder RunFolder::view(const fs::path& path) {
  RunFolder folder(fs::absolute(path));
  if (fs::exists(folder.pipeline())) return folder;
  throw UsageError(path.string() + " holds no run (there is no pipeline.yaml in it)");
}

RunFolder RunFolder::open(const fs::path& path) {
  RunFolder folder(fs::absolute(path));
  require_utf8(folder.path());
  if (!fs::exists(folder.pipeline())) {
    throw UsageError("cannot resume: " + path.string() + " holds no run (there is no pipeline.yaml in it)");
  }
  require_own_contents(folder);
  folder.lock();
  make_folders(folder.checkpoints());
  file::remove_all_partial_files(folder.path());
  file::remove_all_partial_files(folder.checkpoints());
  return folder;
}

RunFolder RunFolder::newest(std::string_view name) {
  const fs::path stem = fs::absolute("runs") / (std::string(name) + "-");
  fs::path newest;
  int64_t highest = -1;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(stem.parent_path(), ignored)) {
    const auto number = number_in(entry.path().filename().string(), stem.filename().string(), "");
    if (!number || *number <= highest || !holds_a_training(entry.path())) continue;
    highest = *number;
    newest = entry.path();
  }
  if (!newest.empty()) return open(newest);
  throw UsageError("cannot resume: expected a run that trains in " + numbered(stem.string(), 1, 3) +
                   " or the like, found none; --output names the folder of a run that lies elsewhere");
}

fs::path RunFolder::checkpoint(int64_t step) const {
  return checkpoints() / (numbered(kStepPrefix, step, 6) + std::string(kModelSuffix));
}

void RunFolder::write_pipeline(std::string_view yaml) const { file::write_file(pipeline(), yaml); }

void RunFolder::append_metrics(const nlohmann::json& line) const { file::append_line(metrics(), line.dump()); }

std::vector<nlohmann::json> RunFolder::read_metrics() const {
  std::vector<nlohmann::json> lines;
  for_each_line(metrics(), [&](std::string_view, nlohmann::json line) { lines.push_back(std::move(line)); });
  return lines;
}

bool RunFolder::has_evaluation(int64_t step) const {
  const std::vector<nlohmann::json> lines = read_metrics();
  return std::any_of(lines.begin(), lines.end(),
                     [step](const nlohmann::json& line) { return is_evaluation(line) && step_of(line) == step; });
}

void RunFolder::forget_metrics_after(int64_t step) const {
  if (!fs::exists(metrics())) return;
  std::string kept;
  for_each_line(metrics(), [&](std::string_view text, const nlohmann::json& line) {
    if (step_of(line) <= step) kept.append(text) += '\n';
  });
  file::write_file(metrics(), kept);
}

std::vector<int64_t> RunFolder::checkpoint_steps() const {
  std::vector<int64_t> steps = model_steps(checkpoints());
  std::erase_if(steps, [&](int64_t step) { return !fs::exists(checkpoint::training_state_path(checkpoint(step))); });
  return steps;
}

std::optional<fs::path> RunFolder::newest_checkpoint() const {
  const std::vector<int64_t> steps = checkpoint_steps();
  if (steps.empty()) return std::nullopt;
  return checkpoint(steps.back());
}

void RunFolder::prune_checkpoints(int64_t keep, const std::vector<int64_t>& also) const {
  const std::vector<int64_t> steps = model_steps(checkpoints());
  const auto kept = static_cast<size_t>(std::max<int64_t>(keep, 1));
  std::error_code ignored;
  const fs::path best_file = fs::read_symlink(best(), ignored);
  for (size_t i = 0; i + kept < steps.size(); ++i) {
    if (std::find(also.begin(), also.end(), steps[i]) != also.end()) continue;
    if (checkpoint(steps[i]).filename() == best_file) continue;
    // The model first: without it the rest is no checkpoint.
    fs::remove(checkpoint(steps[i]), ignored);
    fs::remove(checkpoint::training_state_path(checkpoint(steps[i])), ignored);
  }
}

void RunFolder::mark_best(int64_t step) const { file::write_link(best(), checkpoint(step).filename()); }

// A link that cannot be made is no reason to end a run: `checkpoint_file` finds the newest without it.
void RunFolder::mark_last(int64_t step) const try {
  file::write_link(last(), checkpoint(step).filename());
} catch (const Error&) {
}

fs::path checkpoint_file(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  const RunFolder folder = RunFolder::view(path);
  if (fs::exists(folder.best())) return folder.best();
  if (fs::exists(folder.last())) return folder.last();
  const std::vector<int64_t> steps = model_steps(folder.checkpoints());
  if (steps.empty()) throw UsageError(path.string() + ": the run in this folder has no checkpoint");
  return folder.checkpoint(steps.back());
}

fs::path checkpoint_to_go_on_from(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  const auto newest = RunFolder::view(path).newest_checkpoint();
  if (!newest) throw UsageError(path.string() + ": the run in this folder has no complete checkpoint to go on from");
  return *newest;
}

}  // namespace sshost::run
