#include "parity/report.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "parity/prediction.h"

namespace sshost::parity {
namespace {

std::string line_of(const Difference& difference) {
  std::ostringstream line;
  line << "max_abs=" << difference.max_absolute << " rel=" << difference.relative
       << " argmax_equal=" << difference.argmax_equal;
  return line.str();
}

// What is not a number is the largest.
double larger(double one, double other) { return std::isnan(other) || other > one ? other : one; }

void write_step(std::ostream& out, std::size_t number, const TrainingDifference& step) {
  out << "step=" << number << " losses=" << step.largest_loss << " gradient_norms=" << step.gradient_norms;
  if (step.memory) out << " memory=" << step.memory->relative;
  for (const auto& [name, deviation] : step.losses) out << ' ' << name << '=' << deviation;
  if (!step.worst_gradient.empty()) out << " worst_gradient=" << step.worst_gradient;
  out << " within=" << (step.within() ? "yes" : "no") << '\n';
}

// The largest deviations of all steps.
struct Worst {
  double losses = 0;
  double gradient_norms = 0;
  Difference memory;
  bool has_memory = false;
};

Worst worst_of(const TrainingDifferences& differences) {
  Worst worst;
  for (const TrainingDifference& step : differences.steps) {
    worst.losses = larger(worst.losses, step.largest_loss);
    worst.gradient_norms = larger(worst.gradient_norms, step.gradient_norms);
    if (!step.memory) continue;
    worst.has_memory = true;
    worst.memory.max_absolute = larger(worst.memory.max_absolute, step.memory->max_absolute);
    worst.memory.relative = larger(worst.memory.relative, step.memory->relative);
    worst.memory.argmax_equal = std::min(worst.memory.argmax_equal, step.memory->argmax_equal);
  }
  if (!worst.has_memory) worst.memory.relative = worst.losses;
  return worst;
}

}  // namespace

Verdict verdict_of_forward(const Difference& difference) {
  return {line_of(difference), difference.relative <= kLogitsTolerance};
}

Verdict verdict_of_inference(const Difference& difference) {
  return {line_of(difference), difference.relative <= kLogitsTolerance && difference.argmax_equal >= kArgmaxShare};
}

Verdict verdict_of_training(const TrainingDifferences& differences, const std::string& steps_from) {
  std::ostringstream out;
  for (std::size_t step = 0; step < differences.steps.size(); ++step) write_step(out, step, differences.steps[step]);
  const Worst worst = worst_of(differences);
  out << line_of(worst.memory) << " losses=" << worst.losses << " gradient_norms=" << worst.gradient_norms;
  if (differences.final_state) {
    out << " final_state=" << *differences.final_state;
    if (!differences.worst_state.empty()) out << " worst_state=" << differences.worst_state;
  }
  out << " steps=" << differences.steps.size() << " steps_from=" << steps_from;
  return {out.str(), differences.within()};
}

}  // namespace sshost::parity
