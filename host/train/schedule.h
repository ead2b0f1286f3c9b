#ifndef SSHOST_TRAIN_SCHEDULE_H
#define SSHOST_TRAIN_SCHEDULE_H

#include <cstdint>
#include <vector>

#include "config/pipeline.h"

namespace sshost::train {

// The learning rate over a run, before any parameter's own factor.
//   poly:     (base - min) (1 - t/T)^power + min, t in steps from 0 on, T the run's steps
//   cosine:   (base - min) (1 + cos(pi t/T)) / 2 + min
//   step:     base times `factor` for each milestone m with t >= m T
//   constant: base
// Up to and including step `warmup.steps` = W this is multiplied by: ratio (constant), 1 - (1 - t/W)(1 - ratio)
// (linear), ratio^(1 - t/W) (exp).
// (Poly: Chen et al., "DeepLab", TPAMI 2018. Cosine: Loshchilov and Hutter, "SGDR", ICLR 2017. Warm-up: Goyal et al.,
// "Accurate, large minibatch SGD", 2017.) Immutable; threads: any.
class Schedule {
 public:
  // `total_steps` at least 1. Throws UsageError for a type that there is not.
  Schedule(const config::ScheduleConfig& config, double base, int64_t total_steps);

  double learning_rate(int64_t step) const;
  double base() const { return base_; }

 private:
  enum class Shape { kConstant, kPoly, kCosine, kStep };
  enum class Warmup { kNone, kConstant, kLinear, kExponential };
  static Shape shape_of(const config::ScheduleConfig& config);
  static Warmup warmup_of(const config::WarmupConfig& config);

  double without_warmup(int64_t step) const;
  double warmup_factor(int64_t step) const;

  Shape shape_;
  Warmup warmup_;
  double base_;
  double minimum_;
  double power_;
  std::vector<double> milestones_;
  double factor_;
  double ratio_;
  int64_t warmup_steps_;
  int64_t total_steps_;
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_SCHEDULE_H
