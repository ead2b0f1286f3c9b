#ifndef SSHOST_CLI_LOG_H
#define SSHOST_CLI_LOG_H

#include <spdlog/logger.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "report/console.h"

namespace sshost::cli {

// What a run says: lines for the person at the console, all of them with the time in the run's log.txt.
// Threads: any; plugins log from the loader's.
class Log {
 public:
  enum class Show { kWarnings, kUsual, kDebug };

  // The console outlives the log. `show`: what it gets to see; a file gets everything.
  Log(report::Console& console, Show show);

  // Lines said so far go into the file first. An existing file is continued. Throws Error.
  void open_file(const std::filesystem::path& path);

  void debug(std::string_view line);
  void info(std::string_view line);
  void warning(std::string_view line);
  void error(std::string_view line);

  // Why the command fails: for the file alone, since main tells it to the person.
  void failure(std::string_view line);

  // How far a run is: a terminal shows a bar instead.
  void progress(std::string_view line);

 private:
  report::Console& console_;
  Show show_;
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> early_;  // until there is a file
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sink_;
  spdlog::logger file_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_LOG_H
