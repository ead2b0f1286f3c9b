#include "config/host_types.h"

#include <array>

namespace sshost::config {

namespace {

Option warmup() {
  return structure(
      "warmup",
      Schema(
          {string("type", "none", "how the rate rises at the beginning").one_of({"none", "constant", "linear", "exp"}),
           integer("steps", "1000", "how long it rises").at_least(0),
           real("ratio", "1e-6", "of the schedule's rate, at the first step").between(0, 1)}),
      "multiplies the schedule's rate in the first steps");
}

HostType sgd() {
  return {
      "sgd", "stochastic gradient descent with momentum",
      Schema(
          {real("lr", "0.01", "learning rate before the schedule").at_least(0),
           real("momentum", "0.9", "share of the last step's direction that is kept").between(0, 1),
           real("weight_decay", "5e-4", "L2 penalty, of norms and biases too where no rule says otherwise").at_least(0),
           boolean("nesterov", "false", "look ahead along the momentum"),
           structure("rules",
                     Schema({string("match", "", "part of a parameter's published name").required(),
                             real("lr_factor", "1", "multiplies the learning rate").at_least(0),
                             real("decay_factor", "1", "multiplies the weight decay").at_least(0)}),
                     "factors for some parameters; the longest match wins")
               .list()}),
      nullptr};
}

HostType poly() {
  return {"poly", "(lr - min_lr) (1 - step / steps)^power + min_lr",
          Schema({real("power", "0.9", "exponent of the decay").at_least(0),
                  real("min_lr", "", "rate at the end; null: a hundredth of lr").nullable().at_least(0), warmup()}),
          nullptr};
}

HostType constant() { return {"constant", "the same rate at every step", Schema({warmup()}), nullptr}; }

}  // namespace

std::span<const HostType> optimizer_types() {
  static const std::array<HostType, 1> types{sgd()};
  return types;
}

std::span<const HostType> schedule_types() {
  static const std::array<HostType, 2> types{poly(), constant()};
  return types;
}

}  // namespace sshost::config
