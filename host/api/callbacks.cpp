#include "api/callbacks.h"

#include <limits>
#include <string>

namespace sshost::api {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

sshost_log_level level_of(app::Level level) {
  switch (level) {
    case app::Level::kDebug:
      return SSHOST_LOG_DEBUG;
    case app::Level::kWarning:
      return SSHOST_LOG_WARNING;
    case app::Level::kError:
      return SSHOST_LOG_ERROR;
    default:
      return SSHOST_LOG_INFO;
  }
}

}  // namespace

void Callbacks::write(sshost_log_level level, std::string_view line) {
  const std::lock_guard lock(*mutex_);
  if (functions_.log != nullptr) functions_.log(functions_.log_user, level, std::string(line).c_str());
}

void Callbacks::close() {
  const std::lock_guard lock(*mutex_);
  functions_ = {};
}

void Callbacks::on_line(app::Level level, std::string_view line) { write(level_of(level), line); }

void Callbacks::on_step(const report::TrainingStatus& status) {
  tell({sizeof(sshost_progress), SSHOST_TRAINING, status.step, status.steps, status.loss, status.learning_rate,
        status.epoch, status.epochs, status.seconds});
}

void Callbacks::tell(sshost_phase phase, const report::EvaluationStatus& status) {
  tell({sizeof(sshost_progress), phase, status.done, status.total, kNone, kNone, 0, 0, status.seconds});
}

void Callbacks::tell(const sshost_progress& progress) {
  const std::lock_guard lock(*mutex_);
  if (functions_.progress != nullptr) functions_.progress(functions_.progress_user, &progress);
}

}  // namespace sshost::api
