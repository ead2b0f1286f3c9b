#ifndef SSHOST_API_NAMED_PIPELINE_H
#define SSHOST_API_NAMED_PIPELINE_H

#include <filesystem>
#include <vector>

#include "api/options.h"
#include "app/opened_pipeline.h"

namespace sshost::api {

// Whether a path that a caller names is a pipeline; else it is a checkpoint or a run's folder, which holds one.
bool is_pipeline(const std::filesystem::path& path);

// The libraries, and folders of them, that the options name; absolute.
std::vector<std::filesystem::path> named_plugins(const sshost_options& options);

// The pipeline at `path`, with what the options say.
app::PipelineRequest request_for(const std::filesystem::path& path, const sshost_options& options);

// The same, to run it: with the weights of a checkpoint, and in another folder than that of the run which saved it.
app::PipelineRequest request_to_run(const std::filesystem::path& path, const sshost_options& options);

}  // namespace sshost::api

#endif  // SSHOST_API_NAMED_PIPELINE_H
