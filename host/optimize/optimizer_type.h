#ifndef SSHOST_OPTIMIZE_OPTIMIZER_TYPE_H
#define SSHOST_OPTIMIZE_OPTIMIZER_TYPE_H

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "config/host_type.h"
#include "config/section.h"
#include "optimize/optimizer.h"

// An optimiser is a file with a function that gives its OptimizerType: the file <name>.cpp, which is listed in
// CMakeLists.txt, has the function <name>_optimizer.
namespace sshost::optimize {

// What an optimiser moves, and the names that its rules are matched against (make_optimizer).
struct Parameters {
  const state::StateStore& store;
  const std::map<std::string, std::string>& published;
};

struct OptimizerType {
  config::HostType host;
  // `options` are complete by the schema.
  std::unique_ptr<Optimizer> (*make)(Parameters parameters, const ss_options_object& options);
};

// All of them, in the order of CMakeLists.txt.
std::span<const OptimizerType* const> optimizer_types();

template <typename Made, typename Options>
std::unique_ptr<Optimizer> make_optimizer_of(Parameters parameters, const Options& options) {
  return std::make_unique<Made>(group_parameters(parameters.store, options.rules, parameters.published), options);
}

// Keys that every optimiser has; their defaults are those of its own options.
template <typename Options>
config::Key<Options> learning_rate_key() {
  return {config::key("lr", "learning rate before the schedule").at_least(0), &OptimizerOptions::lr};
}

template <typename Options>
config::Key<Options> rules_key() {
  const config::Section<ParameterRule> rule(
      {{config::key("match", "part of a parameter's published name").required(), &ParameterRule::match},
       {config::key("lr_factor", "multiplies the learning rate").at_least(0), &ParameterRule::lr_factor},
       {config::key("decay_factor", "multiplies the weight decay").at_least(0), &ParameterRule::decay_factor}});
  return {config::key("rules", "factors for some parameters; the longest match wins"), &OptimizerOptions::rules, rule};
}

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_OPTIMIZER_TYPE_H
