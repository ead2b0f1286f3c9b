#include <cmath>

#include "optimize/schedule_type.h"

namespace sshost::optimize {

namespace {

// (Chen et al., "DeepLab", TPAMI 2018.)
struct PolyOptions : FallOptions {
  double power = 0.9;
};

const config::Section<PolyOptions>& section() {
  static const config::Section<PolyOptions> section(
      {{config::key("power", "exponent of the decay").at_least(0), &PolyOptions::power},
       min_lr_key<PolyOptions>(),
       warmup_key<PolyOptions>()});
  return section;
}

}  // namespace

const ScheduleType& poly_schedule() {
  static const ScheduleType type{
      {.name = "poly", .text = "(lr - min_lr) (1 - step / steps)^power + min_lr", .schema = section().schema()},
      [](const ss_options_object& map, double base) -> Rate {
        const PolyOptions options = section().read(map);
        return [base, lowest = options.minimum(base), power = options.power](double done) {
          return (base - lowest) * std::pow(1 - done, power) + lowest;
        };
      }};
  return type;
}

}  // namespace sshost::optimize
