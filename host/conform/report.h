#ifndef SSHOST_CONFORM_REPORT_H
#define SSHOST_CONFORM_REPORT_H

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "conform/check.h"

namespace sshost::conform {

// "failed   head psp: outputs: ...", and below a failure what was seen and the sentence that it breaks.
std::string to_text(const Result& result);

// "29 passed, 1 failed, 2 skipped"
std::string summary_of(const std::vector<Result>& results);

// {"test", "component" or null, "verdict", "seen" or null, "header", "sentence", "seconds"}
nlohmann::json to_json(const Result& result);

bool any_failed(const std::vector<Result>& results);

}  // namespace sshost::conform

#endif  // SSHOST_CONFORM_REPORT_H
