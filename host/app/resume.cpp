#include "app/resume.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "config/differences.h"
#include "config/option_value.h"
#include "config/parse_yaml.h"
#include "file/real_path.h"

namespace sshost::app {
namespace {

namespace fs = std::filesystem;

bool is_own(const run::RunFolder& folder, const fs::path& checkpoint) {
  return file::real_path(checkpoint).parent_path() == file::real_path(folder.checkpoints());
}

void require_newest(const run::RunFolder& folder, const fs::path& path) {
  const auto newest = folder.newest_checkpoint();
  const int64_t step = checkpoint::read_checkpoint_info(path).step;
  if (!newest || checkpoint::read_checkpoint_info(*newest).step <= step) return;
  throw UsageError("cannot resume from step " + std::to_string(step) +
                   " here: the folder holds later checkpoints, up to " + newest->string() +
                   "; name a new folder by --output, or move them away");
}

fs::path find_checkpoint(const config::Pipeline& pipeline, const run::RunFolder& folder) {
  fs::path given = pipeline.checkpoint ? file::real_path(*pipeline.checkpoint) : "";  // a link has no state
  const auto newest = folder.newest_checkpoint();
  if (newest && !(is_own(folder, given) && fs::exists(given))) return *newest;
  if (!given.empty()) return given;
  throw UsageError("cannot resume: " + folder.checkpoints().string() + " holds no complete checkpoint");
}

// Whether the value of a key changes what a training computes.
bool is_computed(std::string_view key) {
  static constexpr std::string_view kNot[] = {"name",
                                              "output",
                                              "device",
                                              "threads",
                                              "plugins",
                                              "checkpoint",
                                              "run",
                                              "weights",
                                              "evaluate",
                                              "distributed.timeout",
                                              "data.evaluate",
                                              "data.workers",
                                              "train.resume",
                                              "train.log_every",
                                              "train.save_every",
                                              "train.evaluate",
                                              "train.keep",
                                              "train.early_stopping",
                                              "model.backbone.weights",
                                              "model.head.weights",
                                              "model.memory.weights"};
  return std::none_of(std::begin(kNot), std::end(kNot),
                      [&](std::string_view not_computed) { return key.starts_with(not_computed); });
}

}  // namespace

bool does(const config::Pipeline& pipeline, std::string_view step) {
  return std::find(pipeline.run.begin(), pipeline.run.end(), step) != pipeline.run.end();
}

bool resumes(const config::Pipeline& pipeline) { return does(pipeline, "train") && pipeline.train.resume; }

run::RunFolder choose_folder(const run::Session& opened) {
  const config::Pipeline& pipeline = opened.pipeline;
  const bool goes_on = resumes(pipeline);
  const fs::path named = opened.names_output ? pipeline.output : "";
  if (goes_on && !named.empty() && fs::exists(named / "pipeline.yaml")) return run::RunFolder::open(named);
  // A run may also go on in a new folder, from a checkpoint that lies elsewhere.
  const bool is_new = !goes_on || pipeline.checkpoint;
  if (is_new) return run::RunFolder::create(opened.is_of_a_run ? "" : named, pipeline.name);
  return named.empty() ? run::RunFolder::newest(pipeline.name) : run::RunFolder::open(named);
}

fs::path checkpoint_to_resume(const config::Pipeline& pipeline, const run::RunFolder& folder) {
  fs::path path = find_checkpoint(pipeline, folder);
  require_newest(folder, path);
  return path;
}

std::string changed_keys(const std::string& before, const config::Pipeline& pipeline) try {
  config::Problems problems;
  const std::vector<config::Node> both = {
      config::parse_yaml(before, {"the checkpoint"}, "", problems),
      config::parse_yaml(config::to_yaml(pipeline.resolved), {"the pipeline"}, "", problems)};
  std::string text;
  for (const config::KeyDifference& each : config::differences(both)) {
    if (!is_computed(each.key)) continue;
    text += (text.empty() ? "" : ", ") + each.key + " (" + each.values[0].value_or("nothing") + ", now " +
            each.values[1].value_or("nothing") + ")";
  }
  return text;
} catch (const config::SyntaxError&) {
  return {};  // another program's, perhaps
}

void forget_resume(config::Pipeline& pipeline, const run::RunFolder& folder, const fs::path& checkpoint) {
  if (!is_own(folder, checkpoint)) return;
  pipeline.resolved.at("train").set("resume", config::make_bool(false));
  if (pipeline.checkpoint && is_own(folder, *pipeline.checkpoint)) pipeline.resolved.set("checkpoint", {});
}

}  // namespace sshost::app
