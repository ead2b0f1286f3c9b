#ifndef SSHOST_APP_OPENED_MODEL_H
#define SSHOST_APP_OPENED_MODEL_H

#include <c10/core/Device.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "data/sample.h"
#include "run/model.h"
#include "run/session.h"

namespace sshost::app {

// A model with its weights, on its device.
struct OpenedModel {
  run::Session session;
  data::DatasetInfo dataset;  // of what the model was trained on
  std::unique_ptr<run::Model> model;
};

// Builds the session's model and fills it: from `checkpoint`, or without one from the pipeline's `checkpoint`, or its
// components' `weights`. Throws UsageError, with its place, for what does not fit, and Error for a file that does not.
OpenedModel open_model(run::Session session, const std::optional<std::filesystem::path>& checkpoint, at::Device device);

}  // namespace sshost::app

#endif  // SSHOST_APP_OPENED_MODEL_H
