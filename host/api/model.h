#ifndef SSHOST_API_MODEL_H
#define SSHOST_API_MODEL_H

#include <cstdint>
#include <memory>
#include <string>

#include "api/callbacks.h"
#include "api/sshost/api.h"
#include "app/log.h"
#include "app/opened_model.h"
#include "data/transform.h"
#include "state/prepared.h"

// Immutable once opened, but for what layers prepare: what a prediction changes is its own.
struct sshost_model {
  ~sshost_model() { callbacks->close(); }

  std::shared_ptr<sshost::api::Callbacks> callbacks;
  std::shared_ptr<sshost::app::Log> log;  // leads to them
  sshost::app::OpenedModel opened;
  sshost::data::TransformList transforms;
  std::string pipeline;  // resolved, YAML
  int64_t threads;       // 0: the caller's
  mutable sshost::state::Prepared prepared;
};

#endif  // SSHOST_API_MODEL_H
