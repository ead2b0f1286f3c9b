#include "optimize/warmup.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/nearest.h"

namespace sshost::optimize {

namespace {

// `missing`: the part of the warm-up that is still to come.
struct WarmupType {
  const char* name;
  double (*factor)(double missing, double ratio);
};

constexpr WarmupType kTypes[] = {
    {"none", [](double, double) { return 1.0; }},
    {"constant", [](double, double ratio) { return ratio; }},
    {"linear", [](double missing, double ratio) { return 1 - missing * (1 - ratio); }},
    {"exp", [](double missing, double ratio) { return std::pow(ratio, missing); }},
};

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const WarmupType& type : kTypes) names.emplace_back(type.name);
  return names;
}

const WarmupType& type_of(const WarmupOptions& options) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const WarmupType& type) { return type.name == options.type; });
  if (found != std::end(kTypes)) return *found;
  throw UsageError("train.schedule.warmup.type: unknown warm-up \"" + options.type +
                   "\"; there are: " + config::join_names(names()));
}

}  // namespace

void require_warmup(const WarmupOptions& options) { type_of(options); }

double warmup_factor(const WarmupOptions& options, std::int64_t step) {
  if (options.steps <= 0 || step > options.steps) return 1;
  const double missing = 1 - static_cast<double>(step) / static_cast<double>(options.steps);
  return type_of(options).factor(missing, options.ratio);
}

const config::Section<WarmupOptions>& warmup_section() {
  static const config::Section<WarmupOptions> section(
      {{config::key("type", "how the rate rises at the beginning").one_of(names()), &WarmupOptions::type},
       {config::key("steps", "how long it rises").at_least(0), &WarmupOptions::steps},
       {config::key("ratio", "of the schedule's rate, at the first step").between(0, 1), &WarmupOptions::ratio}});
  return section;
}

}  // namespace sshost::optimize
