#include "cli/log.h"

#include <spdlog/sinks/basic_file_sink.h>

#include "base/error.h"
#include "base/printable.h"

namespace sshost::cli {
namespace {

constexpr size_t kMostEarlyLines = 1000;

}  // namespace

Log::Log(report::Console& console, Show show)
    : console_(console),
      show_(show),
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

void Log::debug(std::string_view line) {
  file_.debug("{}", printable(line));
  if (show_ == Show::kDebug) console_.line(line);
}

void Log::info(std::string_view line) {
  file_.info("{}", printable(line));
  if (show_ != Show::kWarnings) console_.line(line);
}

void Log::warning(std::string_view line) {
  file_.warn("{}", printable(line));
  console_.line("warning: " + std::string(line));
}

void Log::error(std::string_view line) {
  file_.error("{}", printable(line));
  console_.line("error: " + std::string(line));
}

void Log::failure(std::string_view line) { file_.error("{}", printable(line)); }

void Log::progress(std::string_view line) {
  file_.info("{}", printable(line));
  const bool usual = show_ == Show::kUsual && !console_.is_terminal();
  if (usual || show_ == Show::kDebug) console_.line(line);
}

}  // namespace sshost::cli
