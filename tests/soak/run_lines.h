// The lines of a run's metrics.jsonl.
#ifndef SSHOST_TESTS_SOAK_RUN_LINES_H
#define SSHOST_TESTS_SOAK_RUN_LINES_H

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sshost::soak {

// Those of a kind, "train" or "evaluate". A last line that is not whole yet is left out; any other that is not JSON
// throws.
std::vector<nlohmann::json> lines_of(const std::filesystem::path& run, const std::string& kind);

// The last step that it tells of; 0 where there is none.
int64_t last_step(const std::filesystem::path& run);

}  // namespace sshost::soak

#endif  // SSHOST_TESTS_SOAK_RUN_LINES_H
