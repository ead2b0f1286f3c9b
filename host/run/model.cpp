#include "run/model.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Generator.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "config/value_error.h"
#include "state/allocation_limit.h"

namespace sshost::run {
namespace {

void require_thresholds(const config::EvaluateConfig& config, const model::Segmentor& segmentor) {
  const auto found = static_cast<int64_t>(config.thresholds.size());
  if (found == 1 || found == segmentor.classes()) return;
  throw config::ValueError("evaluate.threshold", "expected one, or " + std::to_string(segmentor.classes()) +
                                                     ", one for each class; found " + std::to_string(found));
}

using OutputsOf = std::function<model::Outputs()>;

std::unique_ptr<Model> build(const Session& session, const config::ModelConfig& config, const OutputsOf& outputs,
                             at::ScalarType dtype, at::Generator generator) {
  std::optional<state::AllocationLimit> limit;
  if (session.most_model_bytes) {
    limit.emplace(*session.most_model_bytes,
                  "the model of the checkpoint's pipeline is larger than any that its file can hold the weights of");
  }
  auto model = std::make_unique<Model>(dtype);
  config::with_places(session.pipeline, [&] {
    model->segmentor =
        std::make_unique<model::Segmentor>(config, *session.registry, outputs(), model->store, std::move(generator));
  });
  return model;
}

OutputsOf outputs_for(const Session& session, const data::DatasetInfo& info) {
  return [&] { return model::outputs_of(session.pipeline.model, info); };
}

OutputsOf outputs_for(const Session& session, int64_t classes) {
  return [&session, classes]() -> model::Outputs {
    if (session.pipeline.model.independent) return model::Outputs::independent(classes);
    return classes;
  };
}

at::Generator generator_of(const Session& session) { return at::detail::createCPUGenerator(session.pipeline.seed); }

std::unique_ptr<Model> build_checked(const Session& session, const OutputsOf& outputs, at::ScalarType dtype,
                                     at::Generator generator) {
  auto model = build(session, session.pipeline.model, outputs, dtype, std::move(generator));
  config::with_places(session.pipeline, [&] { require_thresholds(session.pipeline.evaluate, *model->segmentor); });
  return model;
}

// The losses may have a weight for each class.
config::ModelConfig without_losses(config::ModelConfig config) {
  config.losses.clear();
  for (config::AuxiliaryConfig& auxiliary : config.auxiliary) auxiliary.losses.clear();
  return config;
}

}  // namespace

std::unique_ptr<Model> build_model(const Session& session, const data::DatasetInfo& info, at::ScalarType dtype) {
  return build_checked(session, outputs_for(session, info), dtype, generator_of(session));
}

std::unique_ptr<Model> build_model(const Session& session, int64_t classes, at::ScalarType dtype) {
  return build_checked(session, outputs_for(session, classes), dtype, generator_of(session));
}

checkpoint::ClassAxes class_axes(const Session& session, int64_t classes) {
  const config::ModelConfig config = without_losses(session.pipeline.model);
  const auto model = build(session, config, outputs_for(session, classes), at::kFloat, at::Generator());
  const auto with_one_more = build(session, config, outputs_for(session, classes + 1), at::kFloat, at::Generator());
  return checkpoint::class_axes(model->store, with_one_more->store, classes);
}

void check_model(const Session& session, const data::DatasetInfo& info) {
  build_checked(session, outputs_for(session, info), at::kFloat, at::Generator());
}

}  // namespace sshost::run
