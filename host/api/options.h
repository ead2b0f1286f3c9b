#ifndef SSHOST_API_OPTIONS_H
#define SSHOST_API_OPTIONS_H

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "api/sshost/api.h"
#include "bridge/host_table.h"

namespace sshost::api {

// Where the lines of one opened object go. Plugins keep a way to log for as long as the process lives, so what they say
// after `close` is dropped.
// Threads: any.
class LogSink {
 public:
  LogSink(sshost_log_function function, void* user, std::shared_ptr<std::mutex> one_at_a_time)
      : function_(function), user_(user), mutex_(std::move(one_at_a_time)) {}

  void write(sshost_log_level level, std::string_view line);
  void close();

 private:
  sshost_log_function function_;
  void* user_;
  std::shared_ptr<std::mutex> mutex_;
};

// As what the host logs through.
bridge::LogFunction log_function(std::shared_ptr<LogSink> sink);

}  // namespace sshost::api

struct sshost_options {
  std::vector<std::string> overrides;
  std::vector<std::string> plugins;
  int64_t threads = 0;
  sshost_log_function log = nullptr;
  void* log_user = nullptr;
  std::shared_ptr<std::mutex> log_mutex = std::make_shared<std::mutex>();

  std::shared_ptr<sshost::api::LogSink> make_sink() const {
    return std::make_shared<sshost::api::LogSink>(log, log_user, log_mutex);
  }
};

#endif  // SSHOST_API_OPTIONS_H
