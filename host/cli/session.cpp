#include "cli/session.h"

#include <algorithm>

#include "bridge/tables.h"
#include "checkpoint/checkpoint.h"
#include "config/load.h"
#include "error.h"
#include "layer/layers_table.h"
#include "model/context_table.h"
#include "plugin/find.h"
#include "plugin/load.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

void write(Log& log, ss_log_level level, std::string_view line) {
  switch (level) {
    case SS_LOG_DEBUG:
      return log.debug(line);
    case SS_LOG_WARNING:
      return log.warning(line);
    case SS_LOG_ERROR:
      return log.error(line);
    default:
      return log.info(line);
  }
}

// Never destroyed: plugins stay loaded to the very end, and their static objects may still call it. So it shares what
// it writes to.
const bridge::Host& make_host(const std::shared_ptr<report::Console>& console, const std::shared_ptr<Log>& log) {
  auto* host = new bridge::Host(
      SSHOST_VERSION, [console, log](ss_log_level level, std::string_view line) { write(*log, level, line); });
  host->add(SS_LAYERS_1, layer::layers_table());
  host->add(SS_CONTEXT_1, model::context_table());
  return *host;
}

config::Node load(const PipelineArguments& arguments, config::Problems& problems) {
  if (!arguments.file.empty()) return config::load_pipeline_file(arguments.file, arguments.overrides(), problems);
  if (arguments.checkpoint.empty()) {
    throw UsageError(
        "expected a pipeline (a YAML file), or --checkpoint FILE, which holds the pipeline it was made with");
  }
  const std::string text = checkpoint::read_checkpoint_info(arguments.checkpoint).pipeline;
  return config::load_pipeline_text(text, arguments.checkpoint, arguments.overrides(), problems);
}

}  // namespace

Session::Session(bool verbose)
    : console_(std::make_shared<report::Console>(stdout)),
      log_(std::make_shared<Log>(*console_, verbose)),
      host_(make_host(console_, log_)) {}

void Session::load_plugins(const std::vector<fs::path>& named, const std::optional<fs::path>& folder) {
  plugin::LoadRequest request;
  request.search = plugin::default_search_path();
  if (folder) request.search.push_back(*folder);
  request.named = named;
  request.host = host_.abi();
  request.has_operator = bridge::has_operator;
  registry_.emplace(plugin::load_plugins(request));
}

void Session::say_refusals() {
  for (const plugin::Refusal& refusal : registry_->refusals()) {
    const std::string line = "plugin refused: " + to_string(refusal);
    refusal.foreign ? log_->debug(line) : log_->warning(line);
  }
}

config::Pipeline Session::open_pipeline(const PipelineArguments& arguments) {
  config::Problems problems;
  const config::Node root = load(arguments, problems);
  std::optional<fs::path> folder;
  if (!arguments.file.empty()) folder = fs::absolute(arguments.file).parent_path();
  load_plugins(config::read_plugin_paths(root), folder);
  registry_->require_named_files();
  say_refusals();

  const config::SchemaSource schemas = [this](std::string_view kind, std::string_view type) {
    return registry_->find(kind, type).options();
  };
  config::Pipeline pipeline = config::read_pipeline(root, schemas, problems);
  const config::Node* output = root.find("output");
  output_is_named_ = output != nullptr && !output->is_null();
  for (const std::string& notice : problems.notices()) log_->info(notice);
  return pipeline;
}

}  // namespace sshost::cli
