#ifndef SSHOST_API_OPTIONS_H
#define SSHOST_API_OPTIONS_H

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/callbacks.h"
#include "api/sshost/api.h"

struct sshost_options {
  std::vector<std::string> overrides;
  std::vector<std::string> plugins;
  int64_t threads = 0;
  sshost::api::CallbackFunctions functions;
  std::shared_ptr<std::mutex> mutex = std::make_shared<std::mutex>();

  std::shared_ptr<sshost::api::Callbacks> make_callbacks() const {
    return std::make_shared<sshost::api::Callbacks>(functions, mutex);
  }
};

namespace sshost::api {

// NULL in place of options means all defaults.
inline sshost_options or_defaults(const sshost_options* options) {
  return options == nullptr ? sshost_options{} : *options;
}

}  // namespace sshost::api

#endif  // SSHOST_API_OPTIONS_H
