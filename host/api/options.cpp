#include "api/options.h"

#include <new>

#include "api/error.h"

namespace sshost::api {
namespace {

sshost_code add(std::vector<std::string>* list, const char* text) {
  return guarded(nullptr, [&] {
    if (list == nullptr || text == nullptr) refuse("expected text, found NULL");
    list->emplace_back(text);
  });
}

}  // namespace

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
  options->functions.log = log;
  options->functions.log_user = user;
}

void sshost_options_set_progress(sshost_options* options, sshost_progress_function progress, void* user) {
  if (options == nullptr) return;
  options->functions.progress = progress;
  options->functions.progress_user = user;
}
