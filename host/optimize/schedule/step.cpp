#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "config/node.h"
#include "optimize/schedule_type.h"

namespace sshost::optimize {

namespace {

struct StepOptions : ScheduleOptions {
  std::vector<double> milestones = {0.6667, 0.8889};  // parts of the training, rising
  double factor = 0.1;
};

const config::Section<StepOptions>& section() {
  static const config::Section<StepOptions> section(
      {{config::key("milestones", "when it falls, in parts of the training").list(1).between(0, 1),
        &StepOptions::milestones},
       {config::key("factor", "what the rate is multiplied by each time").between(0, 1), &StepOptions::factor},
       warmup_key<StepOptions>()});
  return section;
}

void check_milestones(const ss_options_object& options, const std::string& path, config::Problems& problems) {
  const ss_options_object& milestones = options.at("milestones");
  const std::vector<double> values = config::doubles_of(milestones);
  if (std::is_sorted(values.begin(), values.end(), std::less_equal<>())) return;
  problems.error(milestones.place, config::join_path(path, "milestones"), "expected rising values");
}

}  // namespace

const ScheduleType& step_schedule() {
  static const ScheduleType type{{.name = "step",
                                  .text = "the rate falls at once, several times",
                                  .schema = section().schema(),
                                  .check = check_milestones},
                                 [](const ss_options_object& map, double base) -> Rate {
                                   return [base, options = section().read(map)](double done) {
                                     const auto& milestones = options.milestones;
                                     const auto next = std::upper_bound(milestones.begin(), milestones.end(), done);
                                     return base * std::pow(options.factor, next - milestones.begin());
                                   };
                                 }};
  return type;
}

}  // namespace sshost::optimize
