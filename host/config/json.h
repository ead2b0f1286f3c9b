#ifndef SSHOST_CONFIG_JSON_H
#define SSHOST_CONFIG_JSON_H

#include <nlohmann/json_fwd.hpp>

#include "config/option_value.h"
#include "config/problems.h"
#include "config/schema.h"

namespace sshost::config {

// For scripts (docs/commands.md).

// The value as it stands in the pipeline; a number that JSON does not have is null.
nlohmann::json value_to_json(const ss_options_object& value);

// [{"name", "kind", "shape", "required", "nullable", "default", "minimum", "maximum", "choices", "text", "options"}]:
// `default` is YAML, bounds that there are not are null, `options` are those of a map with fields.
nlohmann::json schema_to_json(const ss_schema& schema);

// {"file", "line", "column", "key", "message"}; null where it is not known. An override's file is the whole argument.
nlohmann::json problem_to_json(const Problem& problem);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_JSON_H
