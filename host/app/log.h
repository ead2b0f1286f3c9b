#ifndef SSHOST_APP_LOG_H
#define SSHOST_APP_LOG_H

#include <spdlog/logger.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <filesystem>
#include <memory>
#include <string_view>

#include "app/watcher.h"
#include "bridge/host_table.h"

namespace sshost::app {

// What a job says: lines for its watcher, all of them with the time in the run's log.txt, where a text of several lines
// has the time in front of each.
// Threads: any; plugins log from the loader's.
class Log {
 public:
  explicit Log(std::shared_ptr<Watcher> watcher);

  // Lines said so far go into the file first. An existing file is continued. Throws Error, as
  // file::WritableFile does.
  void open_file(const std::filesystem::path& path);

  // From now on no line goes into a file.
  void close_file();

  void debug(std::string_view line) { write(Level::kDebug, line); }
  void info(std::string_view line) { write(Level::kInfo, line); }
  void progress(std::string_view line) { write(Level::kProgress, line); }
  void warning(std::string_view line) { write(Level::kWarning, line); }
  void error(std::string_view line) { write(Level::kError, line); }

  // Why the job fails: for the file alone, since whoever asked for the job gets the exception.
  void failure(std::string_view text);

  void write(Level level, std::string_view text);

  Watcher& watcher() const { return *watcher_; }

 private:
  void write_file(Level level, std::string_view text);

  std::shared_ptr<Watcher> watcher_;
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> early_;  // until there is a file
  std::shared_ptr<spdlog::sinks::dist_sink_mt> sink_;
  spdlog::logger file_;
};

// For plugins, whose host is there to the very end.
bridge::LogFunction log_function(std::shared_ptr<Log> log);

}  // namespace sshost::app

#endif  // SSHOST_APP_LOG_H
