#include "api/named_pipeline.h"

#include "config/scalar.h"

namespace sshost::api {

namespace fs = std::filesystem;

bool is_pipeline(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

std::vector<fs::path> named_plugins(const sshost_options& options) {
  std::vector<fs::path> paths;
  for (const std::string& plugin : options.plugins) paths.push_back(fs::absolute(plugin));
  return paths;
}

app::PipelineRequest request_for(const fs::path& path, const sshost_options& options) {
  app::PipelineRequest request;
  if (is_pipeline(path)) {
    request.file = path;
  } else {
    request.checkpoint = path.string();
  }
  request.overrides = options.overrides;
  request.plugins = named_plugins(options);
  return request;
}

app::PipelineRequest request_to_run(const fs::path& path, const sshost_options& options) {
  app::PipelineRequest request = request_for(path, options);
  if (is_pipeline(path)) return request;
  request.overrides.insert(request.overrides.begin(), "output=null");
  request.overrides.push_back("checkpoint=" + config::quoted_yaml(path.string()));
  return request;
}

}  // namespace sshost::api
