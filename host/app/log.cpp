#include "app/log.h"

#include <spdlog/sinks/base_sink.h>
#include <sshost/abi/host.h>

#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "file/writable_file.h"

namespace sshost::app {
namespace {

constexpr size_t kMostEarlyLines = 1000;

// spdlog's own sink would follow a link, and wait for a FIFO.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(file::WritableFile file) : file_(std::move(file)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.append({line.data(), line.size()});
  }
  void flush_() override {}

  file::WritableFile file_;
};

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

void Log::open_file(const std::filesystem::path& path) {
  const auto file = std::make_shared<FileSink>(file::WritableFile(path));
  file->set_pattern("%Y-%m-%d %H:%M:%S %l: %v");
  for (const auto& message : early_->last_raw()) file->log(message);
  sink_->set_sinks({file});
}

void Log::close_file() { sink_->set_sinks({}); }

void Log::failure(std::string_view text) { write_file(Level::kError, text); }

void Log::write(Level level, std::string_view text) {
  write_file(level, text);
  watcher_->on_line(level, text);
}

// Each line of the text by itself, so that none in the file begins with what a stranger's text holds.
void Log::write_file(Level level, std::string_view text) {
  std::istringstream lines(printable(text));
  for (std::string line; std::getline(lines, line);) file_.log(level_in_file(level), "{}", line);
}

bridge::LogFunction log_function(std::shared_ptr<Log> log) {
  return [log = std::move(log)](ss_log_level level, std::string_view line) { log->write(level_of(level), line); };
}

}  // namespace sshost::app
