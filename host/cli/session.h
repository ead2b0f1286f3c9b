#ifndef SSHOST_CLI_SESSION_H
#define SSHOST_CLI_SESSION_H

#include <filesystem>
#include <memory>
#include <vector>

#include "cli/arguments.h"
#include "cli/log.h"
#include "plugin/registry.h"
#include "run/session.h"

namespace sshost::cli {

// Where every command begins: a console on standard output, or on standard error beside a JSON document; a log; and
// with them the plugins or a checked pipeline.
class Session {
 public:
  // `rank`: of one of several processes that share a console. Rank 0 talks for all; others give their warnings and
  // errors, beginning with "rank 3: ".
  explicit Session(const Talk& talk, int64_t rank = 0);

  // What was asked for is a JSON document, which alone goes to standard output: print_document (cli/streams.h) instead
  // of lines on the console.
  bool is_json() const { return is_json_; }

  report::Console& console() { return *console_; }
  Log& log() { return *log_; }

  // The plugins of the search path and those that are `named`.
  plugin::Registry open_plugins(const std::vector<std::filesystem::path>& named) const;

  // The pipeline that the arguments name. Says what was dropped, and warns of plugins that were refused. Throws
  // UsageError with every mistake.
  run::Session open_pipeline(const PipelineArguments& arguments) const;

  // Says which libraries were loaded only because they lie beside the pipeline.
  void say_libraries_beside(const run::Session& opened) const;

  // As run::remember_libraries; where that fails, says so and goes on.
  void remember_libraries(const run::Session& opened) const;

  // Warns of plugins that are not what a checkpoint was made with: for whoever loads its weights.
  void say_changed_libraries(const run::Session& opened, const checkpoint::CheckpointInfo& info) const;

 private:
  bridge::LogFunction log_function() const;
  run::Session open_checkpoint(const PipelineArguments& arguments) const;

  // Shared with the plugins' host, which is there to the very end.
  std::shared_ptr<report::Console> console_;
  std::shared_ptr<Log> log_;
  bool is_json_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_SESSION_H
