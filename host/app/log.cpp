#include "app/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <sshost/abi/host.h>

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/printable.h"

namespace sshost::app {
namespace {

constexpr size_t kMostEarlyLines = 1000;

spdlog::level::level_enum level_in_file(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
    default:
      return spdlog::level::info;
  }
}

Level level_of(ss_log_level level) {
  switch (level) {
    case SS_LOG_DEBUG:
      return Level::kDebug;
    case SS_LOG_WARNING:
      return Level::kWarning;
    case SS_LOG_ERROR:
      return Level::kError;
    default:
      return Level::kInfo;
  }
}

}  // namespace

Log::Log(std::shared_ptr<Watcher> watcher)
    : watcher_(std::move(watcher)),
      early_(std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(kMostEarlyLines)),
      sink_(std::make_shared<spdlog::sinks::dist_sink_mt>(std::vector<spdlog::sink_ptr>{early_})),
      file_("sshost", sink_) {
  file_.set_level(spdlog::level::debug);
  file_.flush_on(spdlog::level::debug);
}

void Log::open_file(const std::filesystem::path& path) try {
  const auto file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
  file->set_pattern("%Y-%m-%d %H:%M:%S %l: %v");
  for (const auto& message : early_->last_raw()) file->log(message);
  sink_->set_sinks({file});
} catch (const spdlog::spdlog_ex& error) {
  throw Error(path.string() + ": the log cannot be written: " + error.what());
}

void Log::close_file() { sink_->set_sinks({}); }

void Log::failure(std::string_view line) { file_.error("{}", printable(line)); }

void Log::write(Level level, std::string_view line) {
  file_.log(level_in_file(level), "{}", printable(line));
  watcher_->on_line(level, line);
}

bridge::LogFunction log_function(std::shared_ptr<Log> log) {
  return [log = std::move(log)](ss_log_level level, std::string_view line) { log->write(level_of(level), line); };
}

}  // namespace sshost::app
