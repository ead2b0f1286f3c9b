#include <cmath>
#include <numbers>

#include "optimize/schedule_type.h"

namespace sshost::optimize {

namespace {

// (Loshchilov and Hutter, "SGDR", ICLR 2017.)
const config::Section<FallOptions>& section() {
  static const config::Section<FallOptions> section({min_lr_key<FallOptions>(), warmup_key<FallOptions>()});
  return section;
}

}  // namespace

const ScheduleType& cosine_schedule() {
  static const ScheduleType type{
      {.name = "cosine", .text = "(lr - min_lr) (1 + cos(pi step / steps)) / 2 + min_lr", .schema = section().schema()},
      [](const ss_options_object& map, double base) -> Rate {
        const double lowest = section().read(map).minimum(base);
        return [base, lowest](double done) {
          return (base - lowest) * (1 + std::cos(std::numbers::pi * done)) / 2 + lowest;
        };
      }};
  return type;
}

}  // namespace sshost::optimize
