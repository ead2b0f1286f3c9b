#ifndef SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H
#define SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H

#include <sshost/dataset.hpp>

#include <string>
#include <vector>

#include "class_masks.h"
#include "options.h"

namespace folder {

// Throws for options that contradict each other.
void check_patterns(const Options& options);

// The pairs of a split; of labels that are a mask for each class, `masks` gets their paths. What is left out goes to the
// log, counted. Throws with what is missing.
std::vector<ss::SampleInfo> list_samples(const Options& options, const std::string& split, MaskPaths& masks);

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_LIST_SAMPLES_H
