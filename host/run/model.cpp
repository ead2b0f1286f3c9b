#include "run/model.h"

#include <ATen/CPUGeneratorImpl.h>

#include <functional>
#include <string>
#include <utility>

#include "config/value_error.h"

namespace sshost::run {
namespace {

void require_thresholds(const config::EvaluateConfig& config, const model::Segmentor& segmentor) {
  const auto found = static_cast<int64_t>(config.thresholds.size());
  if (found == 1 || found == segmentor.classes()) return;
  throw config::ValueError("evaluate.threshold", "expected one, or " + std::to_string(segmentor.classes()) +
                                                     ", one for each class; found " + std::to_string(found));
}

using OutputsOf = std::function<model::Outputs()>;

std::unique_ptr<Model> build(const Session& session, const OutputsOf& outputs, at::ScalarType dtype,
                             at::Generator generator) {
  auto model = std::make_unique<Model>(dtype);
  config::with_places(session.pipeline, [&] {
    model->segmentor = std::make_unique<model::Segmentor>(session.pipeline.model, *session.registry, outputs(),
                                                          model->store, std::move(generator));
    require_thresholds(session.pipeline.evaluate, *model->segmentor);
  });
  return model;
}

OutputsOf outputs_for(const Session& session, const data::DatasetInfo& info) {
  return [&] { return model::outputs_of(session.pipeline.model, info); };
}

at::Generator generator_of(const Session& session) { return at::detail::createCPUGenerator(session.pipeline.seed); }

}  // namespace

std::unique_ptr<Model> build_model(const Session& session, const data::DatasetInfo& info, at::ScalarType dtype) {
  return build(session, outputs_for(session, info), dtype, generator_of(session));
}

std::unique_ptr<Model> build_model(const Session& session, int64_t classes, at::ScalarType dtype) {
  const auto outputs = [&]() -> model::Outputs {
    if (session.pipeline.model.independent) return model::Outputs::independent(classes);
    return classes;
  };
  return build(session, outputs, dtype, generator_of(session));
}

void check_model(const Session& session, const data::DatasetInfo& info) {
  build(session, outputs_for(session, info), at::kFloat, at::Generator());
}

}  // namespace sshost::run
