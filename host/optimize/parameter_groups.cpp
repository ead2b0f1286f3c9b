#include "optimize/parameter_groups.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>

namespace sshost::optimize {
namespace {

bool wins(const ParameterRule& rule, const ParameterRule& over) {
  if (rule.match.size() != over.match.size()) return rule.match.size() > over.match.size();
  return rule.match < over.match;
}

}  // namespace

ParameterFactors factors_for(std::string_view name, const std::vector<ParameterRule>& rules) {
  const ParameterRule* best = nullptr;
  for (const ParameterRule& rule : rules) {
    if (name.find(rule.match) == std::string_view::npos) continue;
    if (best == nullptr || wins(rule, *best)) best = &rule;
  }
  if (best == nullptr) return {};
  return {best->lr_factor, best->decay_factor};
}

std::vector<ParameterGroup> group_parameters(const state::StateStore& store, const std::vector<ParameterRule>& rules,
                                             const std::map<std::string, std::string>& published) {
  std::map<ParameterFactors, ParameterGroup> groups;
  for (const state::StateEntry& entry : store) {
    if (!entry.trainable) continue;
    const auto known = published.find(entry.name);
    const ParameterFactors factors = factors_for(known == published.end() ? entry.name : known->second, rules);
    ParameterGroup& group = groups[factors];
    group.factors = factors;
    group.names.push_back(entry.name);
    group.parameters.push_back(entry.value);
  }
  std::vector<ParameterGroup> result;
  for (auto& [factors, group] : groups) result.push_back(std::move(group));
  return result;
}

at::Tensor gradient_of(const at::Tensor& parameter) {
  const at::Tensor& gradient = parameter.grad();
  if (!gradient.defined() || gradient.strides() == parameter.strides()) return gradient;
  return at::empty_like(parameter, at::MemoryFormat::Preserve).copy_(gradient);
}

}  // namespace sshost::optimize
