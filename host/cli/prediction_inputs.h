#ifndef SSHOST_CLI_PREDICTION_INPUTS_H
#define SSHOST_CLI_PREDICTION_INPUTS_H

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "output/prediction_writer.h"

namespace sshost::cli {

// An image, and the name that its prediction gets: its path below the folder that was given, without its ending.
struct PredictionInput {
  std::filesystem::path path;
  std::string id;
};

// The images among these files and in these folders. Throws UsageError where there is none, or where two would have the
// same name.
std::vector<PredictionInput> find_inputs(const std::vector<std::filesystem::path>& paths);

// Images and labels of a split.
std::vector<PredictionInput> inputs_of(const data::Dataset& dataset);

// Throws UsageError where a prediction would take the place of one of the inputs.
void require_apart(const output::PredictionOptions& options, const std::vector<PredictionInput>& inputs);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_PREDICTION_INPUTS_H
