#ifndef SSHOST_CLI_SESSION_H
#define SSHOST_CLI_SESSION_H

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "bridge/host_table.h"
#include "cli/arguments.h"
#include "cli/log.h"
#include "config/pipeline.h"
#include "plugin/registry.h"

namespace sshost::cli {

// What every command begins with: a log, the host that plugins see, the plugins, and for most a checked pipeline.
// Threads: one; plugins are loaded before others are started.
class Session {
 public:
  // Lines go to standard output.
  explicit Session(bool verbose);

  report::Console& console() { return *console_; }
  Log& log() { return *log_; }
  const plugin::Registry& registry() const { return *registry_; }

  // Loads the plugins of the search path, of `folder` (where the pipeline lies) and those that are `named`. What is
  // refused without being named is a warning.
  void load_plugins(const std::vector<std::filesystem::path>& named,
                    const std::optional<std::filesystem::path>& folder);

  // Reads and checks a pipeline, loads its plugins, and says what was dropped. Throws UsageError with every mistake.
  config::Pipeline open_pipeline(const PipelineArguments& arguments);

  // Whether that pipeline says where its run goes.
  bool output_is_named() const { return output_is_named_; }

 private:
  void say_refusals();

  std::shared_ptr<report::Console> console_;
  std::shared_ptr<Log> log_;
  const bridge::Host& host_;
  std::optional<plugin::Registry> registry_;
  bool output_is_named_ = false;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_SESSION_H
