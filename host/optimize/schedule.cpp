#include "optimize/schedule.h"

#include <algorithm>

namespace sshost::optimize {

namespace {

Rate rate_of(const config::TypedConfig& config, double base) {
  return config::find_type(schedule_types(), "train.schedule.type", "schedule", config.type)
      .make(*config.options, base);
}

}  // namespace

Schedule::Schedule(const config::TypedConfig& config, double base, int64_t total_steps)
    : rate_(rate_of(config, base)),
      warmup_(warmup_section().read(config.options->at("warmup"))),
      base_(base),
      total_steps_(total_steps) {
  require_warmup(warmup_);
}

double Schedule::learning_rate(int64_t step) const {
  const auto passed = static_cast<double>(std::clamp<int64_t>(step, 0, total_steps_));
  return rate_(passed / static_cast<double>(total_steps_)) * warmup_factor(warmup_, step);
}

}  // namespace sshost::optimize
