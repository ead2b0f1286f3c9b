#ifndef SSHOST_TESTS_RECIPES_PIPELINES_H
#define SSHOST_TESTS_RECIPES_PIPELINES_H

#include <filesystem>
#include <nlohmann/json.hpp>

namespace sshost::recipes {

// The pipeline of a file with every base and default in place, as one document. Throws UsageError with its mistakes.
nlohmann::json resolved_pipeline(const std::filesystem::path& file);

}  // namespace sshost::recipes

#endif  // SSHOST_TESTS_RECIPES_PIPELINES_H
