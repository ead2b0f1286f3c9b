#ifndef SSHOST_APP_WEIGHT_IMPORT_H
#define SSHOST_APP_WEIGHT_IMPORT_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "app/log.h"
#include "checkpoint/weights_import.h"
#include "data/dataset_info.h"
#include "run/model.h"
#include "run/session.h"

namespace sshost::app {

// Other people's weights, and how to read them.
struct WeightImport {
  std::string file;                     // .safetensors or .pth, told apart by content
  std::string component = {};           // only this one, as "backbone"; empty: the whole model
  std::string format = {};              // whose names; empty: those that match best
  std::string part = {};                // of several state dicts in the file; empty: the only one
  std::string prefix = {};              // only names that begin so, without it
  std::optional<int64_t> classes = {};  // that the model has; nothing: those of the pipeline's data set
  bool skip_classifier = false;         // what is for other classes keeps its initial values
  bool adapt_input = false;             // a first convolution over RGB is fitted to the pipeline's channels
};

// The pipeline's model with these weights.
struct ImportedWeights {
  data::DatasetInfo dataset;  // the classes of the model
  std::unique_ptr<run::Model> model;
  checkpoint::ImportReport report;
};

// Throws Error with all that is missing, unused or of another shape.
ImportedWeights import_weights(const run::Session& opened, const WeightImport& request);

// Writes the checkpoint, which anybody may load who may load the pipeline (remember_libraries).
void save_imported(const ImportedWeights& imported, const run::Session& opened, const std::filesystem::path& target,
                   Log& log);

// {"saved", "format", "used", "unused", "kept", "adapted", "other_classes"}
nlohmann::json to_json(const checkpoint::ImportReport& report, const std::string& target);

}  // namespace sshost::app

#endif  // SSHOST_APP_WEIGHT_IMPORT_H
