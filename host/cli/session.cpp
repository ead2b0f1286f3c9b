#include "cli/session.h"

#include <sshost/abi/host.h>

#include <cstdio>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

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

Log::Show shown(const Talk& talk, int64_t rank) {
  if (rank != 0 || talk.quiet) return Log::Show::kWarnings;
  return talk.verbose ? Log::Show::kDebug : Log::Show::kUsual;
}

// Somebody else's library beside a pipeline is nothing to talk about.
void say_refusals(const plugin::Registry& registry, Log& log) {
  for (const plugin::Refusal& refusal : registry.refusals()) {
    const std::string line = "plugin refused: " + to_string(refusal);
    refusal.foreign ? log.debug(line) : log.warning(line);
  }
}

}  // namespace

Session::Session(const Talk& talk, int64_t rank)
    : console_(std::make_shared<report::Console>(talk.json ? stderr : stdout,
                                                 rank == 0 ? "" : "rank " + std::to_string(rank))),
      log_(std::make_shared<Log>(*console_, shown(talk, rank))),
      is_json_(talk.json) {
  if (talk.quiet) console_->hide_status();
}

bridge::LogFunction Session::log_function() const {
  return [console = console_, log = log_](ss_log_level level, std::string_view line) { write(*log, level, line); };
}

plugin::Registry Session::open_plugins(const std::vector<std::filesystem::path>& named) const {
  return run::open_plugins({.named = named}, log_function());
}

run::Session Session::open_checkpoint(const PipelineArguments& arguments) const {
  if (arguments.checkpoint.empty()) {
    throw UsageError("expected a pipeline (a YAML file), or --checkpoint FILE, which holds the pipeline of its run");
  }
  const std::filesystem::path path = run::checkpoint_file(arguments.checkpoint);
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(path);
  plugin::Trust trust = plugin::Trust::of_user();
  for (const std::string& library : arguments.trust) trust.allow(library);
  return run::open_session_of(info, path.string(), arguments.overrides(), std::move(trust), log_function());
}

run::Session Session::open_pipeline(const PipelineArguments& arguments) const {
  run::Session session = arguments.file.empty()
                             ? open_checkpoint(arguments)
                             : run::open_session(arguments.file, arguments.overrides(), log_function());
  say_refusals(*session.registry, *log_);
  for (const std::string& notice : session.notices) log_->info(notice);
  return session;
}

void Session::say_libraries_beside(const run::Session& opened) const {
  for (const plugin::Library& library : opened.registry->libraries()) {
    if (library.is_beside) log_->info("loaded from beside the pipeline: " + library.path.string());
  }
}

void Session::remember_libraries(const run::Session& opened) const try {
  run::remember_libraries(opened);
} catch (const Error& error) {
  log_->warning(
      std::string("the plugins' libraries are not remembered, so that their checkpoints will ask for --trust: ") +
      error.what());
}

void Session::say_changed_libraries(const run::Session& opened, const checkpoint::CheckpointInfo& info) const {
  for (const std::string& line : run::changed_libraries(opened, info)) log_->warning(line);
}

}  // namespace sshost::cli
