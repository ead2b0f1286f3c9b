#ifndef SSHOST_CLI_SESSION_H
#define SSHOST_CLI_SESSION_H

#include <filesystem>
#include <memory>
#include <vector>

#include "app/log.h"
#include "app/opened_pipeline.h"
#include "cli/arguments.h"
#include "cli/console_watcher.h"
#include "plugin/long_work.h"
#include "plugin/registry.h"
#include "run/session.h"

namespace sshost::cli {

// Where every command begins: a console, a log, and with them the plugins or a checked pipeline.
class Session {
 public:
  // As ConsoleWatcher has it.
  explicit Session(const Talk& talk, int64_t rank = 0);

  // What was asked for is a JSON document, which alone goes to standard output: print_document (cli/streams.h) instead
  // of lines on the console.
  bool is_json() const { return is_json_; }

  report::Console& console() { return watcher_->console(); }
  app::Log& log() { return *log_; }
  const std::shared_ptr<app::Log>& shared_log() const { return log_; }  // for what plugins keep

  // The plugins of the search path and those that are `named`.
  plugin::Registry open_plugins(const std::vector<std::filesystem::path>& named) const;

  // The pipeline that the arguments name (app::open_pipeline).
  run::Session open_pipeline(const PipelineArguments& arguments) const;

 private:
  // Shared with the plugins' host, which is there to the very end.
  std::shared_ptr<ConsoleWatcher> watcher_;
  std::shared_ptr<app::Log> log_;
  bool is_json_;
  plugin::LongWork long_work_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_SESSION_H
