#include "optimize/schedule_type.h"

namespace sshost::optimize {

const ScheduleType& constant_schedule() {
  static const ScheduleType type{
      {.name = "constant",
       .text = "the same rate at every step",
       .schema = config::Section<ScheduleOptions>({warmup_key<ScheduleOptions>()}).schema()},
      [](const ss_options_object&, double base) -> Rate { return [base](double) { return base; }; }};
  return type;
}

}  // namespace sshost::optimize
