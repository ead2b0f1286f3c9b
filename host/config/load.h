#ifndef SSHOST_CONFIG_LOAD_H
#define SSHOST_CONFIG_LOAD_H

#include <filesystem>
#include <string>
#include <vector>

#include "config/node.h"
#include "config/problems.h"

namespace sshost::config {

// Reads a pipeline with the files that it `extends` (a path or a list of paths, relative to the file that names them;
// a later one goes over an earlier one, the file itself over all), then puts `overrides` over it ("a.b=value", the
// value in YAML; a number in the path is an index of a list).
//
// Maps merge, lists and scalars replace, and a map whose `type` changes replaces the one below it. An override of a
// `type` alone keeps the options beside it and marks them (Node::written_for): check_options drops those that the new
// type does not have, with a notice.
//
// What leaves nothing to read (no such file, not UTF-8, a syntax error, a circle of `extends`) throws UsageError with
// its place; any other mistake, such as a key given twice, goes to `problems`.
Node load_pipeline_file(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                        Problems& problems);

// The same for text that is already in memory, such as the pipeline in a checkpoint; `name` stands for the file.
Node load_pipeline_text(const std::string& text, const std::string& name, const std::vector<std::string>& overrides,
                        Problems& problems);

// A library, or a folder of libraries, in the pipeline's `plugins:`.
struct NamedPlugin {
  std::filesystem::path path;  // absolute
  Place place;
  std::string key_path;  // "plugins.0"
};

// All of `plugins:`. Values of a wrong kind are skipped: read_pipeline reports them.
std::vector<NamedPlugin> read_plugins(const Node& root);

// The libraries of types that are paths. Absolute.
std::vector<std::filesystem::path> read_type_paths(const Node& root);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_LOAD_H
