#ifndef SSHOST_TESTS_RECIPES_BACKBONE_SETTINGS_H
#define SSHOST_TESTS_RECIPES_BACKBONE_SETTINGS_H

#include <cstdint>
#include <vector>

#include "recipes/comparison.h"

namespace sshost::recipes {

// The channels of the maps that the pipeline chose, in its order.
std::vector<std::int64_t> chosen_channels(const Comparison& comparison);

}  // namespace sshost::recipes

#endif  // SSHOST_TESTS_RECIPES_BACKBONE_SETTINGS_H
