#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace sshost::train {

Schedule::Schedule(const config::ScheduleConfig& config, double base, int64_t total_steps)
    : shape_(shape_of(config)),
      warmup_(warmup_of(config.warmup)),
      base_(base),
      minimum_(config.min_lr.value_or(base / 100)),
      power_(config.power),
      milestones_(config.milestones),
      factor_(config.factor),
      ratio_(config.warmup.ratio),
      warmup_steps_(config.warmup.steps),
      total_steps_(total_steps) {}

Schedule::Shape Schedule::shape_of(const config::ScheduleConfig& config) {
  if (config.type == "poly") return Shape::kPoly;
  if (config.type == "cosine") return Shape::kCosine;
  if (config.type == "step") return Shape::kStep;
  if (config.type == "constant") return Shape::kConstant;
  throw UsageError("train.schedule.type: unknown schedule \"" + config.type +
                   "\"; there are: poly, cosine, step, constant");
}

Schedule::Warmup Schedule::warmup_of(const config::WarmupConfig& config) {
  if (config.type == "none" || config.steps <= 0) return Warmup::kNone;
  if (config.type == "constant") return Warmup::kConstant;
  if (config.type == "linear") return Warmup::kLinear;
  if (config.type == "exp") return Warmup::kExponential;
  throw UsageError("train.schedule.warmup.type: unknown warm-up \"" + config.type +
                   "\"; there are: none, constant, linear, exp");
}

double Schedule::learning_rate(int64_t step) const { return without_warmup(step) * warmup_factor(step); }

double Schedule::without_warmup(int64_t step) const {
  const double done =
      static_cast<double>(std::clamp<int64_t>(step, 0, total_steps_)) / static_cast<double>(total_steps_);
  switch (shape_) {
    case Shape::kPoly:
      return (base_ - minimum_) * std::pow(1 - done, power_) + minimum_;
    case Shape::kCosine:
      return (base_ - minimum_) * (1 + std::cos(std::numbers::pi * done)) / 2 + minimum_;
    case Shape::kStep: {
      const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), done) - milestones_.begin();
      return base_ * std::pow(factor_, passed);
    }
    case Shape::kConstant:
      break;
  }
  return base_;
}

double Schedule::warmup_factor(int64_t step) const {
  if (warmup_ == Warmup::kNone || step > warmup_steps_) return 1;
  const double missing = 1 - static_cast<double>(step) / static_cast<double>(warmup_steps_);
  switch (warmup_) {
    case Warmup::kLinear:
      return 1 - missing * (1 - ratio_);
    case Warmup::kExponential:
      return std::pow(ratio_, missing);
    default:
      return ratio_;
  }
}

}  // namespace sshost::train
