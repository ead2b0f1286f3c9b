#include "cli/session.h"

#include <sshost/abi/host.h>

#include "base/error.h"
#include "checkpoint/checkpoint.h"

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

// Somebody else's library beside a pipeline is nothing to talk about.
void say_refusals(const plugin::Registry& registry, Log& log) {
  for (const plugin::Refusal& refusal : registry.refusals()) {
    const std::string line = "plugin refused: " + to_string(refusal);
    refusal.foreign ? log.debug(line) : log.warning(line);
  }
}

}  // namespace

Session::Session(bool verbose) : Session(verbose, 0) {}

Session::Session(bool verbose, int64_t rank)
    : console_(std::make_shared<report::Console>(stdout, rank == 0 ? "" : "rank " + std::to_string(rank))),
      log_(std::make_shared<Log>(*console_, rank != 0 ? Log::Show::kWarnings
                                            : verbose ? Log::Show::kDebug
                                                      : Log::Show::kUsual)) {}

bridge::LogFunction Session::log_function() const {
  return [console = console_, log = log_](ss_log_level level, std::string_view line) { write(*log, level, line); };
}

plugin::Registry Session::open_plugins(const std::vector<std::filesystem::path>& named) const {
  return run::open_plugins(named, log_function());
}

run::Session Session::open_pipeline(const PipelineArguments& arguments) const {
  const auto open = [&] {
    if (!arguments.file.empty()) return run::open_session(arguments.file, arguments.overrides(), log_function());
    if (arguments.checkpoint.empty()) {
      throw UsageError("expected a pipeline (a YAML file), or --checkpoint FILE, which holds the pipeline of its run");
    }
    const std::string text = checkpoint::read_checkpoint_info(arguments.checkpoint).pipeline;
    return run::open_session_text(text, arguments.checkpoint, arguments.overrides(), log_function());
  };
  run::Session session = open();
  say_refusals(*session.registry, *log_);
  for (const std::string& notice : session.notices) log_->info(notice);
  return session;
}

}  // namespace sshost::cli
