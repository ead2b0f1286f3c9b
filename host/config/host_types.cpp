#include "config/host_types.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "config/node.h"

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

Option learning_rate(const char* fallback) {
  return real("lr", fallback, "learning rate before the schedule").at_least(0);
}

Option rules() {
  return structure("rules",
                   Schema({string("match", "", "part of a parameter's published name").required(),
                           real("lr_factor", "1", "multiplies the learning rate").at_least(0),
                           real("decay_factor", "1", "multiplies the weight decay").at_least(0)}),
                   "factors for some parameters; the longest match wins")
      .list();
}

HostType sgd() {
  return {
      "sgd", "stochastic gradient descent with momentum",
      Schema(
          {learning_rate("0.01"),
           real("momentum", "0.9", "share of the last step's direction that is kept").between(0, 1),
           real("weight_decay", "5e-4", "L2 penalty, of norms and biases too where no rule says otherwise").at_least(0),
           boolean("nesterov", "false", "look ahead along the momentum"), rules()}),
      nullptr};
}

void check_betas(const ss_options_object& options, const std::string& path, Problems& problems) {
  const ss_options_object& betas = options.at("betas");
  const std::string key = join_path(path, "betas");
  if (betas.children.size() != 2) {
    return problems.error(betas.place, key,
                          "expected [of the mean, of the mean square], found a list of " +
                              std::to_string(betas.children.size()) + " elements");
  }
  const std::vector<double> shares = doubles_of(betas);
  if (shares[0] < 1 && shares[1] < 1) return;
  problems.error(betas.place, key, "expected shares below 1, found 1: nothing of a gradient would ever count");
}

HostType adamw() {
  return {
      "adamw", "Adam with the weight decay apart from the gradient",
      Schema({learning_rate("1e-3"),
              real("betas", "[0.9, 0.999]", "[of the gradient's mean, of its square's], the share that is kept")
                  .list(2)
                  .between(0, 1),
              real("eps", "1e-8", "added to the root of the mean square").at_least(0),
              real("weight_decay", "0.01", "share of a weight that a step at rate 1 takes away").at_least(0), rules()}),
      check_betas};
}

Option min_lr() { return real("min_lr", "", "rate at the end; null: a hundredth of lr").nullable().at_least(0); }

HostType poly() {
  return {"poly", "(lr - min_lr) (1 - step / steps)^power + min_lr",
          Schema({real("power", "0.9", "exponent of the decay").at_least(0), min_lr(), warmup()}), nullptr};
}

HostType cosine() {
  return {"cosine", "(lr - min_lr) (1 + cos(pi step / steps)) / 2 + min_lr", Schema({min_lr(), warmup()}), nullptr};
}

void check_milestones(const ss_options_object& options, const std::string& path, Problems& problems) {
  const ss_options_object& milestones = options.at("milestones");
  const std::vector<double> values = doubles_of(milestones);
  if (std::is_sorted(values.begin(), values.end(), std::less_equal<>())) return;
  problems.error(milestones.place, join_path(path, "milestones"), "expected rising values");
}

HostType step() {
  return {
      "step", "the rate falls at once, several times",
      Schema({real("milestones", "[0.6667, 0.8889]", "when it falls, in parts of the training").list(1).between(0, 1),
              real("factor", "0.1", "what the rate is multiplied by each time").between(0, 1), warmup()}),
      check_milestones};
}

HostType constant() { return {"constant", "the same rate at every step", Schema({warmup()}), nullptr}; }

}  // namespace

std::span<const HostType> optimizer_types() {
  static const std::array<HostType, 2> types{sgd(), adamw()};
  return types;
}

std::span<const HostType> schedule_types() {
  static const std::array<HostType, 4> types{poly(), cosine(), step(), constant()};
  return types;
}

}  // namespace sshost::config
