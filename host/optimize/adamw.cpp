#include "optimize/adamw.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "base/error.h"
#include "config/node.h"
#include "optimize/optimizer_type.h"

namespace sshost::optimize {
namespace {

const config::Section<AdamWOptions>& section() {
  static const config::Section<AdamWOptions> section(
      {learning_rate_key<AdamWOptions>(),
       {config::key("betas", "[of the gradient's mean, of its square's], the share that is kept").list(2).between(0, 1),
        &AdamWOptions::betas},
       {config::key("eps", "added to the root of the mean square").at_least(0), &AdamWOptions::eps},
       {config::key("weight_decay", "share of a weight that a step at rate 1 takes away").at_least(0),
        &AdamWOptions::weight_decay},
       rules_key<AdamWOptions>()});
  return section;
}

void check_betas(const ss_options_object& options, const std::string& path, config::Problems& problems) {
  const ss_options_object& betas = options.at("betas");
  const std::string key = config::join_path(path, "betas");
  if (betas.children.size() != 2) {
    return problems.error(betas.place, key,
                          "expected [of the mean, of the mean square], found a list of " +
                              std::to_string(betas.children.size()) + " elements");
  }
  const std::vector<double> shares = config::doubles_of(betas);
  if (shares[0] < 1 && shares[1] < 1) return;
  problems.error(betas.place, key, "expected shares below 1, found 1: nothing of a gradient would ever count");
}

}  // namespace

const OptimizerType& adamw_optimizer() {
  static const OptimizerType type{{.name = "adamw",
                                   .text = "Adam with the weight decay apart from the gradient",
                                   .schema = section().schema(),
                                   .check = check_betas},
                                  [](Parameters parameters, const ss_options_object& options) {
                                    return make_optimizer_of<AdamW>(parameters, section().read(options));
                                  }};
  return type;
}

AdamW::AdamW(std::vector<ParameterGroup> groups, const AdamWOptions& options)
    : Optimizer(std::move(groups)),
      beta1_(options.betas.first),
      beta2_(options.betas.second),
      eps_(options.eps),
      weight_decay_(options.weight_decay) {
  for (const ParameterGroup& group : this->groups()) {
    Moments& moments = moments_.emplace_back();
    for (const at::Tensor& parameter : group.parameters) {
      moments.mean.push_back(at::zeros_like(parameter.detach()));
      moments.square.push_back(at::zeros_like(parameter.detach()));
      moments.steps.push_back(at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false)));
    }
  }
}

void AdamW::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < moments_.size(); ++i) step_group(groups()[i], moments_[i], learning_rate);
}

void AdamW::step_group(const ParameterGroup& group, const Moments& moments, double learning_rate) const {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  Moments moving;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor gradient = gradient_of(group.parameters[i]);
    if (!gradient.defined()) continue;
    parameters.push_back(group.parameters[i]);
    gradients.push_back(gradient);
    moving.mean.push_back(moments.mean[i]);
    moving.square.push_back(moments.square[i]);
    moving.steps.push_back(moments.steps[i]);
  }
  if (parameters.empty()) return;
  at::_foreach_add_(moving.steps, 1);  // the operator takes the number of the step under way
  at::_fused_adamw_(parameters, gradients, moving.mean, moving.square, /*max_exp_avg_sqs=*/{}, moving.steps,
                    learning_rate * group.factors.lr, beta1_, beta2_, weight_decay_ * group.factors.decay, eps_,
                    /*amsgrad=*/false, /*maximize=*/false);
}

// Means of squares, and counts.
void AdamW::require_possible(const std::string& name, const at::Tensor& value) const {
  if (!name.ends_with(".exp_avg_sq") && !name.ends_with(".step")) return;
  if (value.ge(0).all().item<bool>()) return;
  throw Error("the saved optimiser's \"" + name + "\" is damaged: expected no value below 0");
}

NamedTensors AdamW::state() const {
  NamedTensors state;
  for (size_t g = 0; g < moments_.size(); ++g) {
    for (size_t i = 0; i < groups()[g].names.size(); ++i) {
      const std::string& name = groups()[g].names[i];
      state.emplace_back(name + ".exp_avg", moments_[g].mean[i]);
      state.emplace_back(name + ".exp_avg_sq", moments_[g].square[i]);
      state.emplace_back(name + ".step", moments_[g].steps[i]);
    }
  }
  return state;
}

}  // namespace sshost::optimize
