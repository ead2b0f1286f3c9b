#include "api/model.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "api/call_scope.h"
#include "api/error.h"
#include "api/named_pipeline.h"
#include "app/device.h"
#include "app/opened_pipeline.h"
#include "checkpoint/checkpoint.h"
#include "config/option_value.h"
#include "data/transform_list.h"
#include "run/run_folder.h"

namespace sshost::api {
namespace {

namespace fs = std::filesystem;

// Those of the run that a folder holds.
std::optional<fs::path> checkpoint_at(const fs::path& path) {
  return is_pipeline(path) ? std::nullopt : std::optional<fs::path>(run::checkpoint_file(path));
}

run::Session open_session(const fs::path& path, const sshost_options& options, const std::shared_ptr<app::Log>& log) {
  run::Session session = app::open_pipeline(request_for(path, options), log);
  if (is_pipeline(path)) return session;
  app::say_changed_libraries(session, checkpoint::read_checkpoint_info(run::checkpoint_file(path)), *log);
  return session;
}

std::unique_ptr<sshost_model> open(const fs::path& path, const sshost_options& options) {
  const auto callbacks = options.make_callbacks();
  const auto log = std::make_shared<app::Log>(callbacks);
  const CallScope scope(options.threads, *callbacks);
  run::Session session = open_session(path, options, log);
  if (session.pipeline.model.independent) {
    refuse(path.string() + ": model.outputs: expected exclusive, found independent, which sshost predict knows");
  }
  const at::Device device = app::device_of(session.pipeline);
  auto opened = app::open_model(std::move(session), checkpoint_at(path), device);
  const config::Pipeline& pipeline = opened.session.pipeline;
  data::TransformList transforms = data::make_evaluation_transforms(pipeline, opened.dataset, *opened.session.registry);
  const int64_t threads = options.threads > 0 ? options.threads : pipeline.threads;
  std::string yaml = config::to_yaml(pipeline.resolved);
  return std::unique_ptr<sshost_model>(new sshost_model{
      callbacks, log, std::move(opened), std::move(transforms), std::move(yaml), std::max<int64_t>(threads, 0), {}});
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
    return sshost::api::open(path, sshost::api::or_defaults(options)).release();
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
