#ifndef SSHOST_API_CALLBACKS_H
#define SSHOST_API_CALLBACKS_H

#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "api/sshost/api.h"
#include "app/watcher.h"

namespace sshost::api {

// The functions that a caller has set, and what they are called with.
struct CallbackFunctions {
  sshost_log_function log = nullptr;
  void* log_user = nullptr;
  sshost_progress_function progress = nullptr;
  void* progress_user = nullptr;
};

// Where the lines and the progress of one opened object, or of one call, go. Plugins keep a way to log for as long as
// the process lives, so what they say after `close` is dropped.
// Threads: any; the caller's functions are called one at a time.
class Callbacks final : public app::Watcher {
 public:
  // All that were made with one mutex call one at a time.
  Callbacks(const CallbackFunctions& functions, std::shared_ptr<std::mutex> one_at_a_time)
      : functions_(functions), mutex_(std::move(one_at_a_time)) {}

  void write(sshost_log_level level, std::string_view line);
  void close();

  void on_line(app::Level level, std::string_view line) override;
  void on_step(const report::TrainingStatus& status) override;
  void on_evaluated(const report::EvaluationStatus& status) override { tell(SSHOST_EVALUATING, status); }
  void on_predicted(const report::EvaluationStatus& status) override { tell(SSHOST_PREDICTING, status); }

 private:
  void tell(sshost_phase phase, const report::EvaluationStatus& status);
  void tell(const sshost_progress& progress);

  CallbackFunctions functions_;
  std::shared_ptr<std::mutex> mutex_;
};

}  // namespace sshost::api

#endif  // SSHOST_API_CALLBACKS_H
