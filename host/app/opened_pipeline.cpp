#include "app/opened_pipeline.h"

#include <utility>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "run/run_folder.h"

namespace sshost::app {
namespace {

// Somebody else's library beside a pipeline is nothing to talk about.
void say_refusals(const plugin::Registry& registry, Log& log) {
  for (const plugin::Refusal& refusal : registry.refusals()) {
    const std::string line = "plugin refused: " + to_string(refusal);
    refusal.foreign ? log.debug(line) : log.warning(line);
  }
}

run::Session open_checkpoint(const PipelineRequest& request, const bridge::LogFunction& log) {
  if (request.checkpoint.empty()) {
    throw UsageError("expected a pipeline (a YAML file), or --checkpoint FILE, which holds the pipeline of its run");
  }
  const std::filesystem::path path = run::checkpoint_file(request.checkpoint);
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(path);
  plugin::Trust trust = plugin::Trust::of_user();
  for (const std::string& library : request.trust) trust.allow(library);
  return run::open_session_of(info, path, request.overrides, std::move(trust), log, request.plugins);
}

}  // namespace

run::Session open_pipeline(const PipelineRequest& request, const std::shared_ptr<Log>& log) {
  run::Session session = request.file.empty()
                             ? open_checkpoint(request, log_function(log))
                             : run::open_session(request.file, request.overrides, log_function(log), request.plugins);
  say_refusals(*session.registry, *log);
  for (const std::string& notice : session.notices) log->info(notice);
  return session;
}

void say_libraries_beside(const run::Session& opened, Log& log) {
  for (const plugin::Library& library : opened.registry->libraries()) {
    if (library.is_beside) log.info("loaded from beside the pipeline: " + library.path.string());
  }
}

void remember_libraries(const run::Session& opened, Log& log) try {
  run::remember_libraries(opened);
} catch (const Error& error) {
  log.warning(
      std::string("the plugins' libraries are not remembered, so that their checkpoints will ask for --trust: ") +
      error.what());
}

void say_changed_libraries(const run::Session& opened, const checkpoint::CheckpointInfo& info, Log& log) {
  for (const std::string& line : run::changed_libraries(opened, info)) log.warning(line);
}

}  // namespace sshost::app
