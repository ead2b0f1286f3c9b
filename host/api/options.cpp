#include "api/options.h"

#include <new>

#include "api/error.h"

namespace sshost::api {
namespace {

sshost_log_level level_of(ss_log_level level) {
  switch (level) {
    case SS_LOG_DEBUG:
      return SSHOST_LOG_DEBUG;
    case SS_LOG_WARNING:
      return SSHOST_LOG_WARNING;
    case SS_LOG_ERROR:
      return SSHOST_LOG_ERROR;
    default:
      return SSHOST_LOG_INFO;
  }
}

sshost_code add(std::vector<std::string>* list, const char* text) {
  return guarded(nullptr, [&] {
    if (list == nullptr || text == nullptr) refuse("expected text, found NULL");
    list->emplace_back(text);
  });
}

}  // namespace

void LogSink::write(sshost_log_level level, std::string_view line) {
  const std::lock_guard lock(*mutex_);
  if (function_ != nullptr) function_(user_, level, std::string(line).c_str());
}

void LogSink::close() {
  const std::lock_guard lock(*mutex_);
  function_ = nullptr;
}

bridge::LogFunction log_function(std::shared_ptr<LogSink> sink) {
  return [sink = std::move(sink)](ss_log_level level, std::string_view line) { sink->write(level_of(level), line); };
}

}  // namespace sshost::api

sshost_options* sshost_options_create(void) {
  return sshost::api::guarded_pointer(nullptr, [] { return new sshost_options; });
}

void sshost_options_free(sshost_options* options) { delete options; }

sshost_code sshost_options_add_override(sshost_options* options, const char* override) {
  return sshost::api::add(options == nullptr ? nullptr : &options->overrides, override);
}

sshost_code sshost_options_add_plugins(sshost_options* options, const char* path) {
  return sshost::api::add(options == nullptr ? nullptr : &options->plugins, path);
}

sshost_code sshost_options_set_threads(sshost_options* options, int64_t threads) {
  if (options == nullptr || threads < 0) return SSHOST_INVALID_ARGUMENT;
  options->threads = threads;
  return SSHOST_OK;
}

void sshost_options_set_log(sshost_options* options, sshost_log_function log, void* user) {
  if (options == nullptr) return;
  options->log = log;
  options->log_user = user;
}
