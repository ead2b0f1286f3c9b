#ifndef SSHOST_CONFIG_MERGE_H
#define SSHOST_CONFIG_MERGE_H

#include <string>
#include <string_view>

#include "config/node.h"
#include "config/parse_yaml.h"
#include "config/problems.h"

namespace sshost::config {

// `overlay` put over `base`: maps merge, lists and scalars replace, and a map whose `type` changes replaces. Where the
// overlay gives one of two keys that exclude each other (train.steps and train.epochs), the base's other one goes.
Node merge(Node base, Node overlay);

// Where `map` is one in which `key` excludes another key, takes that one out of it.
void drop_alternative(Node& map, std::string_view key);

// Puts one override "a.b=value" over `root`. A mistake in it goes to `problems` and leaves `root` as it is. `budget` is
// less by what was read.
void apply_override(Node& root, const std::string& argument, Problems& problems, YamlBudget& budget);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_MERGE_H
