#ifndef SSHOST_APP_VALIDATION_H
#define SSHOST_APP_VALIDATION_H

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "config/option_value.h"
#include "run/session.h"

namespace sshost::app {

// A pipeline that is valid.
struct Validation {
  std::string pipeline;         // as it was named
  std::string why_not_checked;  // its model, where the data set does not know its classes without files; empty: it was
  std::vector<std::string> warnings = {};  // what a few samples of its splits show, a line each
};

// Checks what opening the pipeline leaves open: its splits, the model, the sizes of its samples. What the doctor would say
// of a few of them, or why they cannot be read, are warnings: a pipeline may be valid where its data are not. Throws
// UsageError.
Validation validate(const run::Session& opened, const std::string& name);

// {"pipeline", "valid", "model_checked", "why_not_checked", "warnings", "resolved"}; null where there is none.
nlohmann::json to_json(const Validation& validation, const ss_options_object* resolved);

}  // namespace sshost::app

#endif  // SSHOST_APP_VALIDATION_H
