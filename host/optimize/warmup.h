#ifndef SSHOST_OPTIMIZE_WARMUP_H
#define SSHOST_OPTIMIZE_WARMUP_H

#include <cstdint>
#include <string>

#include "config/section.h"

namespace sshost::optimize {

struct WarmupOptions {
  std::string type = "none";  // none, constant, linear, exp
  std::int64_t steps = 1000;
  double ratio = 1e-6;  // of the schedule's rate, at the first step
};

// What a schedule's rate is multiplied by up to and including step `steps` = W: ratio (constant), 1 - (1 - t/W)(1 - ratio)
// (linear), ratio^(1 - t/W) (exp); 1 behind it. (Goyal et al., "Accurate, large minibatch SGD", 2017.)
double warmup_factor(const WarmupOptions& options, std::int64_t step);

// Throws UsageError for a type that there is not.
void require_warmup(const WarmupOptions& options);

const config::Section<WarmupOptions>& warmup_section();

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_WARMUP_H
