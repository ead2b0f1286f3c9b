#ifndef SSHOST_APP_OPENED_MODEL_H
#define SSHOST_APP_OPENED_MODEL_H

#include <c10/core/Device.h>

#include <cstdint>
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
  data::DatasetInfo dataset;  // the classes that it tells apart
  std::unique_ptr<run::Model> model;
  int64_t step = 0;  // of its training, as the checkpoint tells
};

// Builds the session's model and fills it: from `checkpoint`, or without one from the pipeline's `checkpoint`, or its
// components' `weights`. Its classes are those of `dataset`, by default those that the checkpoint was trained on;
// whether the checkpoint may have others, `weights.classes` of the pipeline says. Throws UsageError, with its place,
// for what does not fit, and Error for a file that does not.
OpenedModel open_model(run::Session session, const std::optional<std::filesystem::path>& checkpoint, at::Device device,
                       const std::optional<data::DatasetInfo>& dataset = {});

}  // namespace sshost::app

#endif  // SSHOST_APP_OPENED_MODEL_H
