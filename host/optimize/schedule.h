#ifndef SSHOST_OPTIMIZE_SCHEDULE_H
#define SSHOST_OPTIMIZE_SCHEDULE_H

#include <cstdint>

#include "config/pipeline.h"
#include "optimize/schedule_type.h"

namespace sshost::optimize {

// The learning rate over a run, before any parameter's own factor: of one of schedule_types(), times the warm-up.
// Immutable; threads: any.
class Schedule {
 public:
  // `total_steps` at least 1. Throws UsageError for a type that there is not.
  Schedule(const config::TypedConfig& config, double base, int64_t total_steps);

  double learning_rate(int64_t step) const;
  double base() const { return base_; }

 private:
  Rate rate_;
  WarmupOptions warmup_;
  double base_;
  int64_t total_steps_;
};

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_SCHEDULE_H
