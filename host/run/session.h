#ifndef SSHOST_RUN_SESSION_H
#define SSHOST_RUN_SESSION_H

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/host_table.h"
#include "checkpoint/checkpoint.h"
#include "config/pipeline.h"
#include "data/dataset.h"
#include "data/submission.h"
#include "plugin/registry.h"
#include "plugin/trust.h"

namespace sshost::run {

// The version of this program, such as "0.1.0".
std::string_view host_version();

// Where plugins come from beside the search path.
struct PluginPlaces {
  std::vector<std::filesystem::path> named = {};   // files and folders that the user names, or the user's pipeline
  std::vector<std::filesystem::path> beside = {};  // folders of pipelines
  std::vector<std::filesystem::path> wanted = {};  // files and folders that a checkpoint names
  bool of_checkpoint = false;                      // whether what the pipeline itself names is wanted
  plugin::Trust trust = {};                        // which of those that only a checkpoint names are loaded
};

// Loads the plugins of the search path and of those places, and those that this process has loaded before as they are:
// all share one ss_host, which lives as long as the process. Registries of several plugins may be used side by side.
// `log` is called by all of them until the next call brings another. Threads: any (but see plugin/probe.h).
plugin::Registry open_plugins(const PluginPlaces& places, const bridge::LogFunction& log);

// What plugins log is dropped while this lives: where data are read to try something out.
class QuietPlugins {
 public:
  QuietPlugins();
  ~QuietPlugins();
  QuietPlugins(const QuietPlugins&) = delete;
  QuietPlugins& operator=(const QuietPlugins&) = delete;

 private:
  bridge::LogFunction before_;
};

// The same of one library alone, without those of the search path.
plugin::Registry open_library(const std::filesystem::path& library, const bridge::LogFunction& log);

// A pipeline that is ready to work: its plugins are loaded and every value of it has been checked.
struct Session {
  std::unique_ptr<const plugin::Registry> registry;
  config::Pipeline pipeline;
  std::vector<data::Submission> submissions;  // of data sets, that evaluate.prediction_formats names
  std::vector<std::string> notices;           // what was dropped by overrides, a line each
  std::string fitted;                         // what was chosen for the images of the data set, in a line; mostly empty
  bool names_output = false;                  // whether the pipeline says where its run goes
  bool is_of_a_run = false;                   // whether it is what the run in the folder that it names has left there

  // Of a checkpoint's pipeline, which may be a stranger's: the bytes that its model may take to build. One that takes
  // more is none that the checkpoint holds the weights of.
  std::optional<uint64_t> most_model_bytes = {};
};

// From a file, with overrides "a.b=value"; plugins are also looked for beside the file, and those that only that finds
// are added to the pipeline's `plugins`. `plugins` are libraries, and folders of them, that the caller names besides.
// Throws UsageError with every mistake of the pipeline.
Session open_session(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const bridge::LogFunction& log, const std::vector<std::filesystem::path>& plugins = {});

// From the pipeline in the metadata of a checkpoint at `path`. Of the libraries that it names those are loaded that
// `trust` allows; what `overrides` and `plugins` name is the user's own word.
Session open_session_of(const checkpoint::CheckpointInfo& info, const std::filesystem::path& path,
                        const std::vector<std::string>& overrides, plugin::Trust trust, const bridge::LogFunction& log,
                        const std::vector<std::filesystem::path>& plugins = {});

// From YAML in memory that the caller vouches for; `name` stands for the file in messages.
Session open_session_text(const std::string& yaml, const std::string& name, const std::vector<std::string>& overrides,
                          const bridge::LogFunction& log);

// The components that the pipeline names, each once.
std::vector<const plugin::Component*> used_components(const Session& session);

// The SHA-256 of each library that the pipeline's components come from, by its path; not of those that are installed
// with the program.
std::map<std::string, std::string> library_hashes(const Session& session);

// Keeps in the user's state that the session's libraries have been loaded by the user's word, so that checkpoints of
// the run are read without asking again. Throws Error where that cannot be kept.
void remember_libraries(const Session& session);

// A line for each library that a checkpoint was not made with, though it says which ones it was.
std::vector<std::string> changed_libraries(const Session& session, const checkpoint::CheckpointInfo& info);

// The classes of the pipeline's data set, as the split that is evaluated has them. Data sets whose classes are fixed do
// not need their files for it.
data::DatasetInfo dataset_info(const Session& session);

// Whether a pattern, or one of several, holds {split}.
bool names_split(const ss_options_object& patterns);

// Throws UsageError, with its place in the pipeline, where a run would train and evaluate on the same files: the patterns
// of the data set name no {split}, and it divides nothing.
void require_separate_splits(const Session& session);

// A split of the pipeline's data set. Error where its files are not there.
std::unique_ptr<data::Dataset> open_dataset(const Session& session, const std::string& split);

// A split of which labels are not needed.
struct OpenedImages {
  std::unique_ptr<data::Dataset> split;
  std::string why_without_labels;  // for people; empty: as the pipeline says
};

// The same, but a data set with an option `labels` is opened without it where its files do not go with it.
OpenedImages open_images(const Session& session, const std::string& split);

}  // namespace sshost::run

#endif  // SSHOST_RUN_SESSION_H
