#ifndef SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H
#define SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H

#include <sshost/dataset.hpp>

#include <string>
#include <vector>

#include "options.h"

namespace folder {

// Throws for options that contradict each other.
void check_patterns(const Options& options);

// The pairs of a split. What is left out goes to the log, counted. Throws with what is missing.
std::vector<ss::SampleInfo> list_samples(const Options& options, const std::string& split);

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H
