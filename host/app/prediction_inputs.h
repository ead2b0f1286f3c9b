#ifndef SSHOST_APP_PREDICTION_INPUTS_H
#define SSHOST_APP_PREDICTION_INPUTS_H

#include <filesystem>
#include <string>
#include <vector>

#include "config/pipeline.h"
#include "data/dataset.h"
#include "output/prediction_writer.h"

namespace sshost::app {

// An image, and the name that its prediction gets: its path below the folder that was given, without its ending.
struct PredictionInput {
  std::filesystem::path path;
  std::string id;
};

struct FoundInputs {
  std::vector<PredictionInput> inputs;
  std::vector<std::string> left_out;  // a line for each folder in which something was passed over
};

// These files and the images in these folders, by the rules of sshost/abi/files.h. Throws UsageError where there is
// none, or where two would have the same name.
FoundInputs find_inputs(const std::vector<std::filesystem::path>& paths);

// Leaves out what the pipeline's data set would read as a label in one of the folders `paths`, "*_mask.png" beside "*.jpg",
// and says in `left_out` how many that are. All of them are kept where nothing else would be left.
void leave_out_labels(FoundInputs& found, const std::vector<std::filesystem::path>& paths,
                      const config::Pipeline& pipeline);

// As output::require_own_files, for the samples of a split, whose images and labels are read.
void require_own_files(const output::PredictionOptions& options, const data::Dataset& dataset);

}  // namespace sshost::app

#endif  // SSHOST_APP_PREDICTION_INPUTS_H
