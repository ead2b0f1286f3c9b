#include "run/model.h"

#include <ATen/CPUGeneratorImpl.h>

#include <utility>

#include "config/value_error.h"

namespace sshost::run {
namespace {

std::unique_ptr<Model> build(const Session& session, int64_t classes, at::ScalarType dtype, at::Generator generator) {
  auto model = std::make_unique<Model>(dtype);
  config::with_places(session.pipeline, [&] {
    model->segmentor = std::make_unique<model::Segmentor>(session.pipeline.model, *session.registry, classes,
                                                          model->store, std::move(generator));
  });
  return model;
}

}  // namespace

std::unique_ptr<Model> build_model(const Session& session, int64_t classes, at::ScalarType dtype) {
  return build(session, classes, dtype, at::detail::createCPUGenerator(session.pipeline.seed));
}

void check_model(const Session& session, int64_t classes) { build(session, classes, at::kFloat, at::Generator()); }

}  // namespace sshost::run
