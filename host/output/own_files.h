#ifndef SSHOST_OUTPUT_OWN_FILES_H
#define SSHOST_OUTPUT_OWN_FILES_H

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "file/folded_name.h"
#include "output/prediction_writer.h"

namespace sshost::output {

// What is to be predicted.
struct PredictionSource {
  std::string input;                 // for people: its path, or the sample's name
  std::string id;                    // as PredictedImage has it
  std::function<bool()> is_by_rows;  // whether PredictionRows writes it; empty: never. Asked where it matters
};

// Throws UsageError where two of these would write one file, naming both and the file: "a.png" and "a.index.png" do as
// palette and index, "A.png" and "a.png" where the folder's file system folds names. And where one would take the place
// of a file that is `read`, under whatever name. To be asked before any work. `folds_names` says whether a folder does.
void require_own_files(const PredictionOptions& options, const std::vector<PredictionSource>& sources,
                       const std::vector<std::filesystem::path>& read,
                       const std::function<bool(const std::filesystem::path&)>& folds_names = file::folds_names);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_OWN_FILES_H
