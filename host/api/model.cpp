#include "api/model.h"

#include <sshost/abi/host.h>
#include <sshost/abi/status.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "api/call_scope.h"
#include "api/error.h"
#include "app/device.h"
#include "checkpoint/checkpoint.h"
#include "config/option_value.h"
#include "data/transform_list.h"
#include "plugin/trust.h"

namespace sshost::api {
namespace {

namespace fs = std::filesystem;

bool is_pipeline(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

run::Session open_session(const fs::path& path, const sshost_options& options, const bridge::LogFunction& log) {
  std::vector<fs::path> plugins;
  for (const std::string& plugin : options.plugins) plugins.push_back(fs::absolute(plugin));
  if (is_pipeline(path)) return run::open_session(path, options.overrides, log, plugins);
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(path);
  run::Session session = run::open_session_of(info, path, options.overrides, plugin::Trust::of_user(), log, plugins);
  for (const std::string& line : run::changed_libraries(session, info)) log(SS_LOG_WARNING, line);
  return session;
}

std::unique_ptr<sshost_model> open(const fs::path& path, const sshost_options& options) {
  const auto sink = options.make_sink();
  const CallScope scope(options.threads, *sink);
  run::Session session = open_session(path, options, log_function(sink));
  if (session.pipeline.model.independent) {
    refuse(path.string() + ": model.outputs: expected exclusive, found independent, which sshost predict knows");
  }
  const at::Device device = app::device_of(session.pipeline);
  const auto checkpoint = is_pipeline(path) ? std::nullopt : std::optional<fs::path>(path);
  auto opened = app::open_model(std::move(session), checkpoint, device);
  const config::Pipeline& pipeline = opened.session.pipeline;
  data::TransformList transforms = data::make_evaluation_transforms(pipeline, opened.dataset);
  const int64_t threads = options.threads > 0 ? options.threads : pipeline.threads;
  std::string yaml = config::to_yaml(pipeline.resolved);
  return std::unique_ptr<sshost_model>(new sshost_model{
      sink, std::move(opened), std::move(transforms), std::move(yaml), std::max<int64_t>(threads, 0), {}});
}

const data::Class* class_of(const sshost_model* model, int64_t index) {
  if (model == nullptr || index < 0 || index >= sshost_model_class_count(model)) return nullptr;
  return &model->opened.dataset.classes[static_cast<size_t>(index)];
}

}  // namespace
}  // namespace sshost::api

uint32_t sshost_api_version(void) { return SSHOST_API_MAJOR << 16 | SSHOST_API_MINOR; }

const char* sshost_version(void) { return sshost::run::host_version().data(); }

sshost_model* sshost_model_open(const char* path, const sshost_options* options, sshost_error** error) {
  return sshost::api::guarded_pointer(error, [&] {
    if (path == nullptr) sshost::api::refuse("sshost_model_open: expected a path, found NULL");
    return sshost::api::open(path, options == nullptr ? sshost_options{} : *options).release();
  });
}

void sshost_model_close(sshost_model* model) { delete model; }

int64_t sshost_model_class_count(const sshost_model* model) {
  return model == nullptr ? 0 : static_cast<int64_t>(model->opened.dataset.classes.size());
}

const char* sshost_model_class_name(const sshost_model* model, int64_t index) {
  const auto* found = sshost::api::class_of(model, index);
  return found == nullptr ? nullptr : found->name.c_str();
}

uint32_t sshost_model_class_color(const sshost_model* model, int64_t index) {
  const auto* found = sshost::api::class_of(model, index);
  if (found == nullptr) return 0;
  return static_cast<uint32_t>(found->color[0]) << 16 | static_cast<uint32_t>(found->color[1]) << 8 | found->color[2];
}

const char* sshost_model_pipeline(const sshost_model* model) {
  return model == nullptr ? nullptr : model->pipeline.c_str();
}
