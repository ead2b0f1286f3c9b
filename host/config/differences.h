#ifndef SSHOST_CONFIG_DIFFERENCES_H
#define SSHOST_CONFIG_DIFFERENCES_H

#include <optional>
#include <string>
#include <vector>

#include "config/node.h"

namespace sshost::config {

// A key whose value is not the same in all of several pipelines.
struct KeyDifference {
  std::string key;                                 // "model.auxiliary.0.channels"
  std::vector<std::optional<std::string>> values;  // of each pipeline, as YAML on one line; nullopt if it has none
};

// All keys at which resolved pipelines differ, in the order of the first one, then of the next. A list without maps is
// one value. Where a run goes (`output`) is no part of what it does and is left out.
std::vector<KeyDifference> differences(const std::vector<Node>& pipelines);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_DIFFERENCES_H
