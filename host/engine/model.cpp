#include "engine/model.h"

#include <ATen/CPUGeneratorImpl.h>

namespace sshost::engine {

std::unique_ptr<Model> build_model(const Session& session, int64_t classes, at::ScalarType dtype) {
  auto model = std::make_unique<Model>(dtype);
  model->segmentor =
      std::make_unique<model::Segmentor>(session.pipeline.model, *session.registry, classes, model->store,
                                         at::detail::createCPUGenerator(session.pipeline.seed));
  return model;
}

}  // namespace sshost::engine
