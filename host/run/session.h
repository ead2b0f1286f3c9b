#ifndef SSHOST_RUN_SESSION_H
#define SSHOST_RUN_SESSION_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/host_table.h"
#include "config/pipeline.h"
#include "data/dataset.h"
#include "plugin/registry.h"

namespace sshost::run {

// The version of this program, such as "0.1.0".
std::string_view host_version();

// Loads the plugins of the search path, of `folders`, and those in `named`. The ss_host that they are given lives as
// long as the process, since they do; `log` is called until then. On the main thread, before other threads are started.
plugin::Registry open_plugins(const std::vector<std::filesystem::path>& named, const bridge::LogFunction& log,
                              const std::vector<std::filesystem::path>& folders = {});

// A pipeline that is ready to work: its plugins are loaded and every value of it has been checked.
struct Session {
  std::unique_ptr<const plugin::Registry> registry;
  config::Pipeline pipeline;
  std::vector<std::string> notices;  // what was dropped by overrides, a line each
  bool names_output = false;         // whether the pipeline says where its run goes
  bool is_of_a_run = false;          // whether it is what the run in the folder that it names has left there
};

// From a file, with overrides "a.b=value"; plugins are also looked for beside the file, and those that only that finds
// are added to the pipeline's `plugins`. Throws UsageError with every mistake of the pipeline.
Session open_session(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const bridge::LogFunction& log);

// From YAML in memory, such as the pipeline in a checkpoint; `name` stands for the file in messages.
Session open_session_text(const std::string& yaml, const std::string& name, const std::vector<std::string>& overrides,
                          const bridge::LogFunction& log);

// The classes of the pipeline's data set, as the split that is evaluated has them. Data sets whose classes are fixed do
// not need their files for it.
data::DatasetInfo dataset_info(const Session& session);

// A split of the pipeline's data set. Error where its files are not there.
std::unique_ptr<data::Dataset> open_dataset(const Session& session, const std::string& split);

}  // namespace sshost::run

#endif  // SSHOST_RUN_SESSION_H
