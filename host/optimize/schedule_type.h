#ifndef SSHOST_OPTIMIZE_SCHEDULE_TYPE_H
#define SSHOST_OPTIMIZE_SCHEDULE_TYPE_H

#include <functional>
#include <optional>
#include <span>

#include "config/host_type.h"
#include "config/section.h"
#include "optimize/warmup.h"

// A schedule is a file with a function that gives its ScheduleType: the file <name>.cpp in schedule/, which is listed in
// CMakeLists.txt, has the function <name>_schedule.
namespace sshost::optimize {

// The learning rate where this part, in [0, 1], of the training's steps is done, without the warm-up.
using Rate = std::function<double(double done)>;

struct ScheduleType {
  config::HostType host;
  // `base`: the optimiser's learning rate. `options` are complete by the schema.
  Rate (*make)(const ss_options_object& options, double base);
};

// All of them, in the order of CMakeLists.txt.
std::span<const ScheduleType* const> schedule_types();

// What every schedule has.
struct ScheduleOptions {
  WarmupOptions warmup;
};

// What those have that fall to a rate above 0.
struct FallOptions : ScheduleOptions {
  std::optional<double> min_lr;  // nothing: a hundredth of the base
  double minimum(double base) const { return min_lr.value_or(base / 100); }
};

template <typename Options>
config::Key<Options> warmup_key() {
  return {config::key("warmup", "multiplies the schedule's rate in the first steps"), &ScheduleOptions::warmup,
          warmup_section()};
}

template <typename Options>
config::Key<Options> min_lr_key() {
  return {config::key("min_lr", "rate at the end; null: a hundredth of lr").at_least(0), &FallOptions::min_lr};
}

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_SCHEDULE_TYPE_H
