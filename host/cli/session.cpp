#include "cli/session.h"

#include <chrono>
#include <string>

namespace sshost::cli {
namespace {

constexpr std::chrono::seconds kPatience{60};

}  // namespace

Session::Session(const Talk& talk, int64_t rank)
    : watcher_(std::make_shared<ConsoleWatcher>(talk, rank)),
      log_(std::make_shared<app::Log>(watcher_)),
      is_json_(talk.json),
      long_work_(kPatience, [log = log_](const std::string& line) { log->warning(line); }) {}

plugin::Registry Session::open_plugins(const std::vector<std::filesystem::path>& named) const {
  return run::open_plugins({.named = named}, app::log_function(log_));
}

run::Session Session::open_pipeline(const PipelineArguments& arguments) const {
  return app::open_pipeline({.file = arguments.file,
                             .checkpoint = arguments.checkpoint,
                             .overrides = arguments.overrides(),
                             .trust = arguments.trust},
                            log_);
}

}  // namespace sshost::cli
